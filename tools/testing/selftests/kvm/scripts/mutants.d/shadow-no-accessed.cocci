// SPDX-License-Identifier: GPL-2.0-only
// mutant: shadow-no-accessed
// fault: the accessed bit of the guest's entries is not set
// expect: ABI
// killed-by: gmem_paging_test:paging/*
// file: arch/x86/kvm/mmu/paging_tmpl.h
// param: kvm_amd.npt=0
//
// Not equivalent: the guest takes the page for unused.

@@
identifier pte;
@@
- pte |= PT_GUEST_ACCESSED_MASK;
+ (void)pte;
