// SPDX-License-Identifier: GPL-2.0-only
// mutant: bind-before-ready
// fault: a guest_memfd knows of a memslot that is not ready yet
// expect: KERNEL, CRASH
// killed-by: gmem_regression_test:regress/punch-slot-create
// file: virt/kvm/kvm_main.c
// param: kvm.tdp_mmu=0
//
// Not equivalent: a punch walks rmaps that are not there yet; of a memslot of a few pages they are there too soon. The state before "KVM: guest_memfd: Establish
// memslot<=>guest_memfd bindings *after* memslot is ready".

@@
@@
kvm_set_memslot(...)
{
...
+ if (change == KVM_MR_CREATE && (new->flags & KVM_MEM_GUEST_MEMFD)) {
+	r = kvm_gmem_commit_memory_region(kvm, new);
+	if (r)
+		goto err;
+ }
  r = kvm_prepare_memory_region(kvm, old, new, change);
  if (r)
	goto err;
- if (change == KVM_MR_CREATE && (new->flags & KVM_MEM_GUEST_MEMFD)) { ... }
...
}
