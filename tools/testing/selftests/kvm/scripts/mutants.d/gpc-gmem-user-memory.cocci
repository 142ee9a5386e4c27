// SPDX-License-Identifier: GPL-2.0-only
// mutant: gpc-gmem-user-memory
// fault: caches in private memory are resolved by the userspace address
// expect: LOST_WRITE, ABI
// killed-by: pfncache_gmem_test:pfncache-gmem/no-map
// killed-by: pfncache_backing_test:pfncache/gmem-*
// file: virt/kvm/gpc_gmem.c
// feature: pfncache-gmem
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: a page without direct map cannot be found by its userspace address.

@@
@@
from_gmem(...) {
...
- return kvm_memslot_is_gmem_only(...) || ...;
+ return kvm_mem_is_private(gpc->kvm, gpa_to_gfn(gpc->gpa));
}
