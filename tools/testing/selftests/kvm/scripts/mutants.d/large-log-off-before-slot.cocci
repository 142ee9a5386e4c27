// SPDX-License-Identifier: GPL-2.0-only
// mutant: large-log-off-before-slot
// fault: when logging ends KVM asks how large a page may be mapped that begins before the memslot
// expect: KERNEL, CRASH
// killed-by: page_size_test:page-size/log-inside
// file: arch/x86/kvm/mmu/mmu.c
// param: kvm.tdp_mmu=0
// needs: debug-kernel
//
// Not equivalent: lpage_info is read before its start, which KASAN sees. The state before "KVM: x86/mmu: Ensure
// hugepage is in by slot before checking max mapping level".

@@
@@
kvm_mmu_zap_collapsible_spte(...)
{
<...
  sp->role.direct
- && is_gfn_in_memslot(slot, sp->gfn)
  && sp->role.level < kvm_mmu_max_mapping_level(...)
...>
}
