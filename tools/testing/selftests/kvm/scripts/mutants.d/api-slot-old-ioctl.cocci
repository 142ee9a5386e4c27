// SPDX-License-Identifier: GPL-2.0-only
// mutant: api-slot-old-ioctl
// fault: the older ioctl takes flags of which it has not the fields
// expect: ABI
// killed-by: gmem_memslot_test:api/memslot-args
// file: virt/kvm/kvm_main.c

@@
expression ioctl;
@@
- ioctl == KVM_SET_USER_MEMORY_REGION && (...)
+ false
