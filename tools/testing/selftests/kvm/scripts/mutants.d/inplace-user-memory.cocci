// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-user-memory
// fault: without MMAP the guest has the memory at userspace_addr
// expect: PERMISSION, WRONG_PAGE, ABI, HANG
// killed-by: gmem_convert_test:convert/defaults
// file: virt/kvm/guest_memfd.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: a shared page of a file that the host cannot map is the file's nevertheless.

@@
expression inode;
@@
kvm_gmem_prepare_memory_region(...) {
<...
- (gmem_in_place_conversion || kvm_gmem_supports_mmap(inode))
+ kvm_gmem_supports_mmap(inode)
...>
}
