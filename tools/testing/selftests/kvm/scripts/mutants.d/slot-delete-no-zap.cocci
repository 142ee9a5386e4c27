// SPDX-License-Identifier: GPL-2.0-only
// mutant: slot-delete-no-zap
// fault: a deleted or moved memslot keeps its guest mappings
// expect: STALE_MAPPING, KERNEL
// killed-by: gmem_stale_slot_test:stale/slot-*
// file: virt/kvm/kvm_main.c
//
// Not equivalent: the generation change makes KVM forget cached slots and MMIO SPTEs, not present SPTEs, and
// kvm_gmem_unbind() relies on this zap. The guest goes on using the pages at the old address.

@@
expression kvm, slot;
@@
kvm_invalidate_memslot(...) {
<...
- kvm_arch_flush_shadow_memslot(kvm, slot);
...>
}
