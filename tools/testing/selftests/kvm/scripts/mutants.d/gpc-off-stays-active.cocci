// SPDX-License-Identifier: GPL-2.0-only
// mutant: gpc-off-stays-active
// fault: a pfncache that was turned off stays valid
// expect: STALE_MAPPING, KERNEL, ABI
// killed-by: pfncache_api_test:pfncache/off
// file: virt/kvm/pfncache.c
//
// Not equivalent: the cache has left the list that MMU notifiers go through, and is used all the same.

@@
expression gpc;
@@
kvm_gpc_deactivate(...) {
<...
- gpc->active = false;
- gpc->valid = false;
...
- gpc->khva = NULL;
...>
}
