// SPDX-License-Identifier: GPL-2.0-only
// mutant: gpc-gmem-no-invalidate
// fault: pfncaches keep their page when a guest_memfd takes it away
// expect: STALE_MAPPING, NOT_SCRUBBED, LOST_WRITE
// killed-by: pfncache_gmem_test:pfncache-gmem/private-punched
// killed-by: pfncache_gmem_test:pfncache-gmem/private-punch-canary
// killed-by: pfncache_gmem_test:pfncache-gmem/private-close-canary
// file: virt/kvm/gpc_gmem.c
// feature: pfncache-gmem
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: KVM writes to a page that is free, or somebody else's.

@@
@@
invalidate_slot(...) {
...
- gfn_to_pfn_cache_invalidate_start(...);
+ (void)base;
}
