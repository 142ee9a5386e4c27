// SPDX-License-Identifier: GPL-2.0-only
// mutant: gpc-gmem-direct-map-kept
// fault: pages stay in the direct map and can be pinned
// expect: ABI
// killed-by: pfncache_gmem_test:pfncache-gmem/no-map-refused
// file: virt/kvm/gmem_direct_map.c
// feature: no-direct-map, pfncache-gmem
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: what the flag promises is not kept.

@@
@@
gmem_direct_map_inode(...) {
- if (flags & GUEST_MEMFD_FLAG_NO_DIRECT_MAP)
-	set_bit(...);
+ (void)flags;
}
