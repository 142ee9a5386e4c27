// SPDX-License-Identifier: GPL-2.0-only
// mutant: private-host-mappable
// fault: a host access to a private page through a mapping of the file succeeds instead of raising SIGBUS
// expect: PERMISSION
// killed-by: gmem_file_test:api/mmap-touch
// killed-by: gmem_stress:stress/sealed
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: mmap() itself asks for the MMAP flag only, so the fault handler's check is the only one
// between the host and a file that was made with MMAP and without INIT_SHARED.

@@
identifier fault =~ "^kvm_gmem_fault(_user_mapping)?$";
expression inode, index, flags;
@@
fault(...) {
<...
if (
(
- !kvm_gmem_is_shared_mem(inode, index)
+ false && !kvm_gmem_is_shared_mem(inode, index)
|
- !(flags & GUEST_MEMFD_FLAG_INIT_SHARED)
+ false && !(flags & GUEST_MEMFD_FLAG_INIT_SHARED)
)
 ) return VM_FAULT_SIGBUS;
...>
}
