// SPDX-License-Identifier: GPL-2.0-only
// mutant: api-slot-one-more
// fault: user space may use the first of the slots that KVM keeps for itself
// expect: ABI
// killed-by: gmem_memslot_test:api/memslot-ids
// file: virt/kvm/kvm_main.c

@@
@@
kvm_vm_ioctl_set_memory_region(...)
{
<...
- KVM_USER_MEM_SLOTS
+ KVM_USER_MEM_SLOTS + 1
...>
}
