// SPDX-License-Identifier: GPL-2.0-only
// mutant: ring-not-protected
// fault: pages that are taken back from the ring stay writable
// expect: LOST_WRITE
// killed-by: dirty_ring_test:dirty-ring/ring, dirty_ring_test:dirty-ring/bitmap
// file: virt/kvm/dirty_ring.c
//
// Not equivalent: what is written to them is in no ring.

@@
expression kvm, memslot, offset, mask;
@@
- kvm_arch_mmu_enable_log_dirty_pt_masked(kvm, memslot, offset, mask);
