// SPDX-License-Identifier: GPL-2.0-only
// mutant: nested-log-unprotected
// fault: a harvest of the dirty log leaves what L2 has mapped writable
// expect: LOST_WRITE
// killed-by: dirty_log_test:*
// file: arch/x86/kvm/mmu/mmu.c
// level: l2-npt
//
// Not equivalent: what L2 writes after the harvest is not in the next one.

@@
identifier kvm, slot, gfn_offset, mask;
@@
kvm_mmu_write_protect_pt_masked(struct kvm *kvm, struct kvm_memory_slot *slot, gfn_t gfn_offset, unsigned long mask)
{
...
- if (!kvm_memslots_have_rmaps(kvm))
+ if (!kvm_memslots_have_rmaps(kvm) || tdp_mmu_enabled)
	return;
...
}
