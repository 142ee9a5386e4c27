// SPDX-License-Identifier: GPL-2.0-only
// mutant: bind-other-vm
// fault: a memslot may be bound to the guest_memfd of another VM
// expect: ABI
// killed-by: gmem_bind_test:api/bind-fd
// file: virt/kvm/guest_memfd.c

@@
symbol kvm;
expression f;
@@
- if (f->kvm != kvm)
-	goto err;
