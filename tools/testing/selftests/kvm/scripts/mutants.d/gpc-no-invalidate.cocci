// SPDX-License-Identifier: GPL-2.0-only
// mutant: gpc-no-invalidate
// fault: the MMU notifier does not invalidate pfncaches
// expect: STALE_MAPPING, LOST_WRITE
// killed-by: pfncache_race_test:pfncache/remap
// killed-by: pfncache_race_test:pfncache/discard
// killed-by: pfncache_race_test:pfncache/migrate
// killed-by: pfncache_race_test:pfncache/fork
// killed-by: pfncache_event_test:event/*
// file: virt/kvm/pfncache.c
//
// Not equivalent: the memslots stay as they are, so nothing else makes the cache look its page up again, and KVM
// goes on writing to a page that the host has given away.

@@
expression gpc;
@@
gfn_to_pfn_cache_invalidate_start(...) {
<...
- gpc->valid = false;
+ (void)gpc;
...>
}
