// SPDX-License-Identifier: GPL-2.0-only
// mutant: nx-recovery-keeps
// fault: a huge page that was split for a guest that executes stays so
// expect: ABI
// killed-by: nx_huge_page_test:nx-huge-page/recovered
// file: arch/x86/kvm/mmu/mmu.c
// param: kvm.nx_huge_pages=force, kvm.nx_huge_pages_recovery_ratio=1, kvm.nx_huge_pages_recovery_period_ms=20
//
// Not equivalent: pages_2m tells.

@@
@@
kvm_recover_nx_huge_pages(...)
{
<...
- flush |= kvm_tdp_mmu_zap_possible_nx_huge_page(...);
+ ;
...>
}
