// SPDX-License-Identifier: GPL-2.0-only
// mutant: bind-signed
// fault: the end of a slot's range in its file is compared as a signed number
// expect: ABI
// killed-by: gmem_bind_test:api/bind-offset
// file: virt/kvm/guest_memfd.c
//
// Not equivalent: an offset just below 2^63 makes the end negative, thus "smaller" than the file. The generic
// check only sees sums that wrap at 2^64. Kernels that keep offsets in loff_t have this fault by nature, so
// the patch asks for the unsigned type.

@@
typedef uoff_t;
identifier bind =~ "^kvm_gmem_(bind|prepare_memory_region)$";
identifier offset, size;
expression inode;
@@
bind(..., uoff_t offset) {
<...
- offset + size
+ (loff_t)(offset + size)
  > i_size_read(inode)
...>
}
