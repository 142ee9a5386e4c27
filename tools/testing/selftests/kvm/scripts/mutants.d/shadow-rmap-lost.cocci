// SPDX-License-Identifier: GPL-2.0-only
// mutant: shadow-rmap-lost
// fault: a page does not know where it is mapped
// expect: STALE_MAPPING, KERNEL, LOST_WRITE, WRONG_PAGE
// killed-by: gmem_paging_test:paging/race*
// file: arch/x86/kvm/mmu/mmu.c
// param: kvm_amd.npt=0
//
// Not equivalent: what the host does to the page does not reach its entries.

@@
identifier vcpu, slot, sptep, gfn, access;
@@
mmu_set_spte(...)
{
<...
- rmap_add(vcpu, slot, sptep, gfn, access);
+ (void)slot;
...>
}
