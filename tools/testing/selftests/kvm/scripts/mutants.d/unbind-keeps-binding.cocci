// SPDX-License-Identifier: GPL-2.0-only
// mutant: unbind-keeps-binding
// fault: a deleted slot stays bound in its guest_memfd
// expect: ABI
// killed-by: gmem_memslot_test:api/memslot-place
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: binding the range again fails with EEXIST, and a punch or close walks the freed slot.

@@
expression bindings, first, last;
identifier unbind =~ "^(__)?kvm_gmem_unbind$";
@@
unbind(...) {
<...
- xa_store_range(bindings, first, last, ...);
+ (void)bindings, (void)last;
...>
}
