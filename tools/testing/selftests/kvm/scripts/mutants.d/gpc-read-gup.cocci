// SPDX-License-Identifier: GPL-2.0-only
// mutant: gpc-read-gup
// fault: a pfncache looks its page up for reading, and writes to it
// expect: KERNEL, STALE_MAPPING, LOST_WRITE, PERMISSION, ABI
// killed-by: pfncache_race_test:pfncache/fork
// killed-by: pfncache_race_test:pfncache/protect
// file: virt/kvm/pfncache.c
//
// Not equivalent: a page that is shared copy-on-write is not copied, and a read-only one is not refused.

@@
identifier kfp;
@@
hva_to_pfn_retry(...) {
<...
  struct kvm_follow_pfn kfp = {
- .flags = FOLL_WRITE,
+ .flags = 0,
  };
...>
}
