// SPDX-License-Identifier: GPL-2.0-only
// mutant: bind-past-end
// fault: a slot may reach past the end of its guest_memfd
// expect: ABI
// killed-by: gmem_bind_test:api/bind-offset
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: nothing but this compares the slot with the file's size; kvm_gmem_get_folio() would
// happily add pages beyond the end.

@@
identifier bind =~ "^kvm_gmem_(bind|prepare_memory_region)$";
expression offset, size, inode;
@@
bind(...) {
<...
- offset + size > i_size_read(inode)
+ (false && offset + size > i_size_read(inode))
...>
}
