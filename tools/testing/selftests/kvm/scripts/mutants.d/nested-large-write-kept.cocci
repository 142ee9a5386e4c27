// SPDX-License-Identifier: GPL-2.0-only
// mutant: nested-large-write-kept
// fault: turning the dirty log on leaves what L2 has mapped writable
// expect: LOST_WRITE
// killed-by: dirty_log_test:*
// file: arch/x86/kvm/mmu/mmu.c
// level: l2-npt
//
// Not equivalent: what L2 has mapped before the log was turned on is written unseen.

@@
identifier kvm, memslot, start_level;
@@
kvm_mmu_slot_remove_write_access(struct kvm *kvm, const struct kvm_memory_slot *memslot, int start_level)
{
- if (kvm_memslots_have_rmaps(kvm))
+ if (kvm_memslots_have_rmaps(kvm) && !tdp_mmu_enabled)
{
...
}
...
}
