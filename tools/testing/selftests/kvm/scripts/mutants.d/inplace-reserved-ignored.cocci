// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-reserved-ignored
// fault: the last reserved word is not looked at
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
- memchr_inv(a->reserved, 0, sizeof(a->reserved))
+ memchr_inv(a->reserved, 0, sizeof(a->reserved) - 8)
...>
}
