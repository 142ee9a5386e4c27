// SPDX-License-Identifier: GPL-2.0-only
// mutant: toggle-allowed
// fault: KVM_MEM_GUEST_MEMFD can be taken off an existing slot
// expect: ABI, KERNEL
// killed-by: gmem_memslot_test:api/memslot-change
// file: virt/kvm/kvm_main.c
//
// Not equivalent: setting the flag on an existing slot is refused elsewhere, dropping it only here. The new
// slot has no file, the binding still points to the old slot, which is freed: a later punch uses it.

@@
expression flags;
@@
- flags & (KVM_MEM_READONLY | KVM_MEM_GUEST_MEMFD)
+ flags & KVM_MEM_READONLY
