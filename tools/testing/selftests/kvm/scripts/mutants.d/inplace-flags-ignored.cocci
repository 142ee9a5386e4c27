// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-flags-ignored
// fault: flags that do not exist are accepted
// expect: ABI
// killed-by: gmem_convert_api_test:convert-api/values
// file: virt/kvm/gmem_convert.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: seen by the table of arguments.

@@
@@
check(...) {
<...
- a->flags || memchr_inv(a->reserved, 0, sizeof(a->reserved))
+ memchr_inv(a->reserved, 0, sizeof(a->reserved))
...>
}
