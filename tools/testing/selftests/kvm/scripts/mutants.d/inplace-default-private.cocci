// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-default-private
// fault: GUEST_MEMFD_FLAG_INIT_SHARED makes no difference
// expect: PERMISSION, CRASH
// killed-by: gmem_convert_test:convert/defaults
// killed-by: gmem_stale_test:stale/punch-shared-1
// file: virt/kvm/gmem_convert.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: the host gets SIGBUS for pages that are shared from the start.

@@
@@
gmem_inode_create(...) {
<...
- flags & GUEST_MEMFD_FLAG_INIT_SHARED
+ 0
...>
}
