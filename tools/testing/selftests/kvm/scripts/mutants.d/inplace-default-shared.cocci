// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-default-shared
// fault: a new file is shared whatever its flags are
// expect: PERMISSION
// killed-by: gmem_convert_test:convert/defaults
// killed-by: gmem_convert_test:convert/index
// file: virt/kvm/gmem_convert.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: the host reads what the guest thinks is private.

@@
@@
gmem_inode_create(...) {
<...
- flags & GUEST_MEMFD_FLAG_INIT_SHARED
+ 1
...>
}
