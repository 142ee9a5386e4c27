// SPDX-License-Identifier: GPL-2.0-only
// mutant: paging-quadrant-ignored
// fault: both halves of a table of 32-bit entries are shadowed by its first half
// expect: STALE_MAPPING
// killed-by: paging_mode_test:paging-mode/32-bit*
// file: arch/x86/kvm/mmu/mmu.c
// param: kvm_amd.npt=0
//
// Not equivalent: the second 2 MiB of the 4 MiB of a table are mapped as the first are.

@@
identifier role;
expression e;
@@
- role.quadrant = e & 1;
+ role.quadrant = 0;
