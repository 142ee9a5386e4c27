// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-are-first
// fault: a range is taken for converted if its first page is
// expect: PERMISSION
// killed-by: gmem_convert_test:convert/unallocated
// killed-by: gmem_convert_test:convert/index
// killed-by: gmem_convert_pin_test:convert-pin/*
// file: virt/kvm/gmem_attributes.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: of a mixed range nothing is converted.

@@
expression x;
@@
gmem_attributes_are(...) {
<...
- if (xa_to_value(entry) != x)
-	return false;
+ return xa_to_value(entry) == x;
...>
}
