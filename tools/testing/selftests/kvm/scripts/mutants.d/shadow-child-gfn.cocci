// SPDX-License-Identifier: GPL-2.0-only
// mutant: shadow-child-gfn
// fault: a table below is kept although the entry above points to another one
// expect: STALE_MAPPING, PERMISSION, ABI, KERNEL, LOST_WRITE
// killed-by: gmem_paging_test:paging/*
// file: arch/x86/kvm/mmu/mmu.c
// param: kvm_amd.npt=0
//
// Not equivalent: the state before "KVM: x86: Fix shadow paging use-after-free due to
// unexpected GFN" (CVE-2026-46113): the entry was changed by the host, which KVM does not see.

@@
expression sptep;
identifier gfn;
@@
kvm_mmu_get_child_sp(...)
{
<...
- spte_to_child_sp(sptep)->gfn == gfn
+ gfn == gfn
...>
}
