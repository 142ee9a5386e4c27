// SPDX-License-Identifier: GPL-2.0-only
// mutant: gpc-keeps-mapping
// fault: a renew to another page keeps the kernel mapping of the old one
// expect: STALE_MAPPING, LOST_WRITE
// killed-by: pfncache_race_test:pfncache/remap
// killed-by: pfncache_race_test:pfncache/migrate
// file: virt/kvm/pfncache.c
//
// Not equivalent: the pfn is new, and what KVM writes through is the address of the old page.

@@
expression pfn;
identifier khva;
@@
hva_to_pfn_retry(...) {
<...
- khva = gpc_map(pfn);
+ khva = old_khva ? old_khva : gpc_map(pfn);
...>
}
