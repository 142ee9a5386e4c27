// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-reclaim-at-convert
// fault: a conversion to shared scrubs the page, as teardown has to
// expect: LOST_DATA
// killed-by: gmem_convert_content_test:convert/contents
// killed-by: gmem_race_test:race/in-place/*+to-shared
// killed-by: gmem_stress:stress/in-place
// file: arch/x86/kvm/gmem_make_shared.c
// feature: in-place, hooks
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: what the guest had in the page is lost, where the policy says that it is kept.

@@
expression pfn, nr;
@@
- gmem_owner_make_shared(pfn, nr);
+ gmem_owner_reclaim(pfn, nr);
