// SPDX-License-Identifier: GPL-2.0-only
// mutant: api-slot-read-only-changed
// fault: an existing memslot may be made read-only
// expect: ABI
// killed-by: gmem_memslot_test:api/memslot-change-plain
// file: virt/kvm/kvm_main.c

@@
expression mem, old;
@@
- (mem->flags ^ old->flags) & (KVM_MEM_READONLY | KVM_MEM_GUEST_MEMFD)
+ false
