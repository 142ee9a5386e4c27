// SPDX-License-Identifier: GPL-2.0-only
// mutant: gpc-gmem-count-kept
// fault: an invalidation never ends for memslot updates
// expect: HANG
// killed-by: pfncache_gmem_test:pfncache-gmem/private-punched
// killed-by: pfncache_gmem_test:pfncache-gmem/*
// file: virt/kvm/gpc_gmem.c
// feature: pfncache-gmem
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: the next memslot update waits for ever, and no cache is ever valid again.

@@
expression kvm;
@@
gpc_gmem_invalidate_end(...) {
<...
- wake = !--kvm->mn_active_invalidate_count;
+ wake = !kvm->mn_active_invalidate_count;
...>
}
