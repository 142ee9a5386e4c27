// SPDX-License-Identifier: GPL-2.0-only
// mutant: paging-half-zapped
// fault: of the two entries that shadow a 32-bit entry of a directory, the first is zapped
// expect: STALE_MAPPING
// killed-by: paging_mode_test:paging-mode/32-bit-upper, paging_mode_test:paging-mode/32-bit-recycled
// file: arch/x86/kvm/mmu/mmu.c
// param: kvm_amd.npt=0
//
// Not equivalent: the second 2 MiB of the 4 MiB stay mapped as before the guest's store.

@@
identifier nspte;
@@
- *nspte = 2;
+ *nspte = 1;
