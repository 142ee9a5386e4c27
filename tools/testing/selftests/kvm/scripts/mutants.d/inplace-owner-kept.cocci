// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-owner-kept
// fault: a page that became shared stays assigned to its VM
// expect: KERNEL
// killed-by: gmem_convert_content_test:convert/contents
// killed-by: gmem_convert_test:convert/index
// file: arch/x86/kvm/gmem_make_shared.c
// feature: in-place, hooks
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: a platform would refuse the host the page; here the table of owners complains.

@@
expression pfn, nr;
@@
- gmem_owner_make_shared(pfn, nr);
+ (void)gmem_owner_make_shared;
