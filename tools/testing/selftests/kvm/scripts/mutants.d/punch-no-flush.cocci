// SPDX-License-Identifier: GPL-2.0-only
// mutant: punch-no-flush
// fault: guest_memfd invalidation zaps the SPTEs but does not flush the TLBs of running vCPUs
// expect: STALE_MAPPING, LOST_DATA, LOST_WRITE
// killed-by: gmem_stale_test:stale/*punch*
// killed-by: gmem_stale_slot_test:stale/close-*
// killed-by: gmem_stress:stress/private
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: tdp_mmu_zap_leafs() only reports that a flush is due (it flushes by itself only when it
// yields), kvm_mmu_invalidate_end() never flushes, and truncation has no user mapping to shoot down. Seen
// only by a vCPU that stays in the guest: an emulated VMRUN starts with an empty nested TLB. Two vCPUs of which
// one was flushed by chance use different pages: what one wrote is missing for the other.

@@
identifier start =~ "^(__)?kvm_gmem_invalidate_(start|begin)$";
expression kvm;
@@
start(...) {
<...
- kvm_flush_remote_tlbs(kvm);
+ (void)kvm;
...>
}
