// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-owner-not-reclaimed
// fault: a page is freed while it is assigned to its VM
// expect: KERNEL
// killed-by: gmem_scrub_test:scrub/*
// killed-by: gmem_convert_*:*
// file: arch/x86/kvm/gmem_owner.c
// feature: in-place, hooks
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: the next VM that gets the page finds it assigned.

@@
expression pfn;
@@
gmem_owner_reclaim(...) {
<...
- xa_erase(&owners, pfn);
...>
}
