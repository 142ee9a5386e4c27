// SPDX-License-Identifier: GPL-2.0-only
// mutant: guest-no-clear
// fault: a page that the guest touches first is marked up to date without being cleared
// expect: NOT_SCRUBBED, LEAK, STALE_MAPPING
// killed-by: gmem_scrub_test:scrub/*
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: the page cache allocates with GFP_HIGHUSER, without __GFP_ZERO; KVM's clearing is the only
// one (with init_on_alloc=1 or init_on_free=1 the page allocator would hide the fault).

@@
identifier get =~ "^kvm_gmem_(get_pfn|prepare_folio|get_folio)$";
expression page;
@@
get(...) {
<...
- clear_highpage(page);
+ (void)page;
...>
}
