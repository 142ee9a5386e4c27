// SPDX-License-Identifier: GPL-2.0-only
// mutant: gpc-range-short
// fault: the MMU notifier passes over a pfncache in the last page of the range
// expect: STALE_MAPPING, LOST_WRITE
// killed-by: pfncache_race_test:pfncache/*
// file: virt/kvm/pfncache.c
//
// Not equivalent: an invalidation of one page is one of its last page.

@@
expression gpc;
identifier start, end;
@@
gfn_to_pfn_cache_invalidate_start(..., unsigned long start, unsigned long end) {
<...
- gpc->uhva < end
+ gpc->uhva < end - PAGE_SIZE
...>
}
