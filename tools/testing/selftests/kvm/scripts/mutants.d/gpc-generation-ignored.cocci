// SPDX-License-Identifier: GPL-2.0-only
// mutant: gpc-generation-ignored
// fault: a pfncache is used although the memslots have changed
// expect: STALE_MAPPING, LOST_WRITE
// killed-by: pfncache_race_test:pfncache/slot-replace
// killed-by: pfncache_race_test:pfncache/slot-move
// file: virt/kvm/pfncache.c
//
// Not equivalent: deleting or moving a memslot leaves the host's mappings alone, so no MMU notifier tells the cache.

@@
expression gpc, slots;
@@
kvm_gpc_check(...) {
<...
- gpc->generation != slots->generation
+ ((void)slots, false)
...>
}
