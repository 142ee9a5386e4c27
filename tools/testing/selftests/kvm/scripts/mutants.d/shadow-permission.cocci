// SPDX-License-Identifier: GPL-2.0-only
// mutant: shadow-permission
// fault: an entry is writable whatever the guest says
// expect: PERMISSION
// killed-by: gmem_paging_test:paging/*
// file: arch/x86/kvm/mmu/paging_tmpl.h
// param: kvm_amd.npt=0
//
// Not equivalent: a page that is read-only to the guest is written to.

@@
identifier fault, walker;
@@
- fault->gfn = walker.gfn;
+ fault->gfn = walker.gfn;
+ walker.pte_access |= ACC_WRITE_MASK;
  fault->max_level = walker.level;
