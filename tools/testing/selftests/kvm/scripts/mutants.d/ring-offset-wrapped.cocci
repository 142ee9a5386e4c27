// SPDX-License-Identifier: GPL-2.0-only
// mutant: ring-offset-wrapped
// fault: an offset that wraps passes the bounds of KVM_RESET_DIRTY_RINGS
// expect: KERNEL
// killed-by: dirty_ring_test:dirty-ring/spoilt
// file: virt/kvm/dirty_ring.c
// param: kvm_amd.npt=0
//
// The state before "KVM: Reject wrapped offset in kvm_reset_dirty_gfn()".
// Not equivalent: an rmap behind the end of the memslot is read.

@@
identifier memslot, offset, mask;
@@
- if (!memslot || offset >= memslot->npages ||
-     offset + __fls(mask) >= memslot->npages)
+ if (!memslot || offset + __fls(mask) >= memslot->npages)
	return;
