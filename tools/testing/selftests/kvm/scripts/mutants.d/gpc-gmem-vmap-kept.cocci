// SPDX-License-Identifier: GPL-2.0-only
// mutant: gpc-gmem-vmap-kept
// fault: the address that a cache had for its page is not given back
// expect: ACCOUNTING
// killed-by: pfncache_gmem_test:pfncache-gmem/no-map-torn-down
// file: virt/kvm/pfncache.c
// feature: no-direct-map, pfncache-gmem
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: each punch of a page in use costs the kernel a page of addresses.

@@
expression K;
@@
gpc_unmap(...) {
<...
- vunmap(K);
+ ;
...>
}
