// SPDX-License-Identifier: GPL-2.0-only
// mutant: smm-one-tracked
// fault: tracking of the guest's page tables is looked up in one address space
// expect: STALE_MAPPING, KERNEL
// killed-by: smm_test:*
// file: arch/x86/kvm/mmu/page_track.c
//
// The state before "KVM: x86/mmu: Check write tracking in all address spaces" (0f38453cdb2e).
// Not equivalent: system management mode maps a page table writable; the machine hangs in KVM.

@@
identifier kvm, slot, gfn;
@@
kvm_gfn_is_write_tracked(struct kvm *kvm, const struct kvm_memory_slot *slot, gfn_t gfn)
{
...
- if (kvm_arch_nr_memslot_as_ids(kvm) > 1)
+ if (!kvm)
{
...
}
...
}
