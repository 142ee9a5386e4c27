// SPDX-License-Identifier: GPL-2.0-only
// mutant: gpc-keeps-hva
// fault: a refresh does not notice that a memslot has another userspace address now
// expect: STALE_MAPPING, LOST_WRITE
// killed-by: pfncache_race_test:pfncache/slot-replace
// killed-by: pfncache_race_test:pfncache/point
// file: virt/kvm/pfncache.c
//
// Not equivalent: the cache is still valid, so only the change of address makes it look its page up again.

@@
expression gpc;
identifier changed, old;
@@
__kvm_gpc_refresh(...) {
<...
  if (gpc->uhva != old)
-	changed = true;
+	changed = false;
...>
}
