// SPDX-License-Identifier: GPL-2.0-only
// mutant: shadow-invlpg-ignored
// fault: INVLPG does not look at the entry again
// expect: STALE_MAPPING, PERMISSION, ABI, LOST_WRITE
// killed-by: gmem_paging_test:paging/*
// file: arch/x86/kvm/mmu/mmu.c
// param: kvm_amd.npt=0
//
// Not equivalent: a table that is out of step stays so until CR3 is loaded.

@@
identifier sp;
@@
__kvm_mmu_invalidate_addr(...)
{
<...
- if (sp->unsync)
+ if (!sp)
 {
 ...
 }
...>
}
