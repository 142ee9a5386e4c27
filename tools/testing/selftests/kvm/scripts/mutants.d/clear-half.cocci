// SPDX-License-Identifier: GPL-2.0-only
// mutant: clear-half
// fault: of a page that the guest touches first only the first half is cleared
// expect: NOT_SCRUBBED, LEAK, STALE_MAPPING
// killed-by: gmem_scrub_test:scrub/*
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: see guest-no-clear. A test that looks at the first words of a page only passes.

@@
identifier get =~ "^kvm_gmem_(get_pfn|prepare_folio|get_folio)$";
expression page;
@@
get(...) {
<...
- clear_highpage(page);
+ memzero_page(page, 0, PAGE_SIZE / 2);
...>
}
