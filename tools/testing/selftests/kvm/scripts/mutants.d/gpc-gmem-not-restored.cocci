// SPDX-License-Identifier: GPL-2.0-only
// mutant: gpc-gmem-not-restored
// fault: a page that is freed stays out of the direct map
// expect: KERNEL, CRASH
// killed-by: pfncache_gmem_test:pfncache-gmem/no-map-punched
// killed-by: pfncache_gmem_test:pfncache-gmem/*
// file: virt/kvm/gmem_direct_map.c
// feature: no-direct-map, pfncache-gmem
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: whoever gets the page next, and be it to clear it, faults.

@@
@@
gmem_direct_map_restore(...) {
...
- WARN_ON_ONCE(set_direct_map_default_noflush(...));
  ...
}
