// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-shared-assigned
// fault: the guest is given shared pages as private ones
// expect: KERNEL
// killed-by: gmem_convert_test:convert/defaults
// killed-by: gmem_convert_test:convert/unallocated
// file: virt/kvm/guest_memfd.c
// feature: in-place, hooks
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: the host then touches what is assigned to the VM.

@@
expression file, index;
@@
gmem_get_pfn_locked(...) {
<...
- kvm_gmem_is_private_mem(file_inode(file), index)
+ true
...>
}
