// SPDX-License-Identifier: GPL-2.0-only
// mutant: api-slot-flags-any
// fault: KVM_SET_USER_MEMORY_REGION2 ignores flags that it does not know
// expect: ABI
// killed-by: gmem_memslot_test:api/memslot-flags
// file: virt/kvm/kvm_main.c

@@
expression mem;
symbol valid_flags;
@@
- mem->flags & ~valid_flags
+ false
