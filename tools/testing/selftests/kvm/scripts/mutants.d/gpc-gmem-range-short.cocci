// SPDX-License-Identifier: GPL-2.0-only
// mutant: gpc-gmem-range-short
// fault: an invalidation leaves the last page of a range out
// expect: STALE_MAPPING, NOT_SCRUBBED, LOST_WRITE
// killed-by: pfncache_gmem_test:pfncache-gmem/private-punched
// killed-by: pfncache_gmem_test:pfncache-gmem/private-punch-canary
// file: virt/kvm/gpc_gmem.c
// feature: pfncache-gmem
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: seen by a memslot of one page.

@@
expression kvm, slot, a, b;
@@
gpc_gmem_invalidate_begin(...) {
<...
- invalidate_slot(kvm, slot, a, b);
+ invalidate_slot(kvm, slot, a, b - 1);
...>
}
