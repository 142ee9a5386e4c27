// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-no-scrub
// fault: a page is freed without being scrubbed
// expect: NOT_SCRUBBED
// killed-by: gmem_free_test:free/*
// file: arch/x86/kvm/gmem_owner.c
// feature: in-place, hooks
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: what the guest had in the page is in the memory that the kernel gives to anybody.

@@
@@
gmem_owner_reclaim(...) {
<...
- clear_highpage(...);
...>
}
