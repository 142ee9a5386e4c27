// SPDX-License-Identifier: GPL-2.0-only
// mutant: shadow-no-dirty
// fault: the dirty bit of the guest's entry is not set
// expect: LOST_WRITE
// killed-by: gmem_paging_test:paging/*
// file: arch/x86/kvm/mmu/paging_tmpl.h
// param: kvm_amd.npt=0
//
// Not equivalent: the guest takes the page for unchanged.

@@
identifier pte;
@@
- pte |= PT_GUEST_DIRTY_MASK;
+ (void)pte;
