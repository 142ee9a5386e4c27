// SPDX-License-Identifier: GPL-2.0-only
// mutant: gpc-gmem-attribute-kept
// fault: conversions by attributes of the VM do not reach pfncaches
// expect: LOST_WRITE, STALE_MAPPING, WRONG_PAGE, ABI
// killed-by: pfncache_backing_test:pfncache/gmem-converted
// killed-by: pfncache_gmem_test:pfncache-gmem/private-converted
// file: virt/kvm/gpc_gmem.c
// feature: pfncache-gmem
//
// Not equivalent: after a conversion KVM writes to the copy that the guest does not see any more.

@@
expression slot, E;
@@
gpc_gmem_invalidate_begin_gfns(...) {
<...
- if (kvm_slot_has_gmem(slot))
+ if (0)
	E;
...>
}
