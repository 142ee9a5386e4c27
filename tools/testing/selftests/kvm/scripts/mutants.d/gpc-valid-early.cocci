// SPDX-License-Identifier: GPL-2.0-only
// mutant: gpc-valid-early
// fault: a pfncache is valid while its page is being looked up
// expect: KERNEL, STALE_MAPPING
// killed-by: pfncache_race_test:pfncache/*
// file: virt/kvm/pfncache.c
//
// Not equivalent: whoever checks the cache meanwhile writes through the mapping of the page that is gone. KVM itself
// warns when the look-up is over.

@@
expression gpc;
@@
hva_to_pfn_retry(...) {
<...
- gpc->valid = false
+ gpc->valid = true
...>
}
