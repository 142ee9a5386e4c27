// SPDX-License-Identifier: GPL-2.0-only
// mutant: shadow-unsync-forgotten
// fault: a table that the guest may write to from now on is not noted as out of step
// expect: STALE_MAPPING, PERMISSION, ABI, LOST_WRITE
// killed-by: gmem_paging_test:paging/*
// file: arch/x86/kvm/mmu/mmu.c
// param: kvm_amd.npt=0
//
// Not equivalent: its entries are not looked at again.

@@
identifier kvm, sp;
@@
mmu_try_to_unsync_pages(...)
{
<...
- kvm_unsync_page(kvm, sp);
+ (void)sp;
...>
}
