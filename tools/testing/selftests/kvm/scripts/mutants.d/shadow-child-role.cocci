// SPDX-License-Identifier: GPL-2.0-only
// mutant: shadow-child-role
// fault: a table below is kept although it is followed in another way
// expect: STALE_MAPPING, PERMISSION, ABI, KERNEL, LOST_WRITE
// killed-by: gmem_paging_test:paging/*
// file: arch/x86/kvm/mmu/mmu.c
// param: kvm_amd.npt=0
//
// Not equivalent: the state before "... due to unexpected role" (CVE-2026-53359): what may be done
// through the entry above is part of the role.

@@
expression sptep;
identifier role;
@@
kvm_mmu_get_child_sp(...)
{
<...
- spte_to_child_sp(sptep)->role.word == role.word
+ true
...>
}
