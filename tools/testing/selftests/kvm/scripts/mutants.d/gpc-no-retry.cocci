// SPDX-License-Identifier: GPL-2.0-only
// mutant: gpc-no-retry
// fault: a refresh installs its page although an invalidation ran while it looked it up
// expect: STALE_MAPPING, LOST_WRITE
// killed-by: pfncache_race_test:pfncache/*
// file: virt/kvm/pfncache.c
//
// Not equivalent: an invalidation between the look-up of the page and gpc->lock finds a cache that is not valid yet,
// does nothing, and relies on the retry. A race of two threads.

@@
identifier again =~ "^mmu_notifier_retry_cache$";
expression kvm, seq;
@@
hva_to_pfn_retry(...) {
<...
- again(kvm, seq)
+ (again(kvm, seq) && false)
...>
}
