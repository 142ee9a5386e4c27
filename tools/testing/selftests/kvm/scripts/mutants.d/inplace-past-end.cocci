// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-past-end
// fault: ranges beyond the end of the file are converted
// expect: ABI, KERNEL
// killed-by: gmem_convert_api_test:convert-api/ranges
// file: virt/kvm/gmem_convert.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: seen by the table of arguments.

@@
expression S;
@@
check(...) {
<...
(
- a->offset >= S
+ !S
|
- a->offset + a->size > S
+ !S
)
...>
}
