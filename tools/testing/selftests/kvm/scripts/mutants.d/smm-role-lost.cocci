// SPDX-License-Identifier: GPL-2.0-only
// mutant: smm-role-lost
// fault: page tables made for system management mode are used outside of it
// expect: WRONG_PAGE
// killed-by: smm_test:smm/*
// file: arch/x86/kvm/mmu/mmu.c
//
// Not equivalent: the memslots of the other address space are what it finds.

@@
expression role, vcpu;
@@
- role.base.smm = is_smm(vcpu);
+ role.base.smm = 0;
