// SPDX-License-Identifier: GPL-2.0-only
// mutant: gpc-len-unchecked
// fault: a structure may cross the end of the page that is cached
// expect: ABI, LOST_WRITE
// killed-by: pfncache_api_test:pfncache/crossing
// killed-by: pfncache_regression_test:pfncache/failed-activation
// file: virt/kvm/pfncache.c
//
// Not equivalent: one page is mapped, and KVM writes behind it, to whatever lies there.

@@
expression offset, len;
@@
kvm_gpc_is_valid_len(...) {
<...
- return offset + len <= PAGE_SIZE;
+ return offset + len <= 2 * PAGE_SIZE;
...>
}
