// SPDX-License-Identifier: GPL-2.0-only
// mutant: release-lock-order
// fault: closing a guest_memfd takes its invalidate_lock first and slots_lock inside of it
// expect: KERNEL, HANG
// killed-by: kvm_lock_test:lock/private
// killed-by: kvm_lock_test:lock/shared
// file: virt/kvm/guest_memfd.c
// needs: debug-kernel
//
// Not equivalent: binding a memslot takes them in the other order; together they can wait for each other. Needs
// a kernel with lockdep (VARIANT=debug): the deadlock itself hardly ever comes about.

@@
expression kvm, mapping;
@@
kvm_gmem_release(...) {
...
- mutex_lock(&kvm->slots_lock);
...
filemap_invalidate_lock(mapping);
+ mutex_lock(&kvm->slots_lock);
...
}
