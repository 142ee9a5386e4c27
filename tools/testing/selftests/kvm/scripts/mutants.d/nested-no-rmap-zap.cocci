// SPDX-License-Identifier: GPL-2.0-only
// mutant: nested-no-rmap-zap
// fault: notifiers and punches leave what L2 has mapped by L1's nested tables
// expect: STALE_MAPPING
// killed-by: gmem_stale_test:stale/punch-shared-*
// file: arch/x86/kvm/mmu/mmu.c
// level: l2-npt
//
// Not equivalent: the TDP MMU maps nothing then, and L2 goes on using the old page.

@@
identifier kvm, range, flush;
@@
kvm_unmap_gfn_range(struct kvm *kvm, struct kvm_gfn_range *range)
{
...
- if (kvm_memslots_have_rmaps(kvm))
+ if (kvm_memslots_have_rmaps(kvm) && !tdp_mmu_enabled)
flush = __kvm_rmap_zap_gfn_range(...);
...
}
