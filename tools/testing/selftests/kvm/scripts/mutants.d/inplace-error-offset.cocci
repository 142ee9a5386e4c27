// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-error-offset
// fault: error_offset is the start of the range, not the page in use
// expect: ABI
// killed-by: gmem_convert_pin_test:convert-pin/vmsplice
// file: virt/kvm/gmem_convert.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: seen by a pin of any page but the first.

@@
@@
find_extra_reference(...) {
<...
- *first = ...;
+ ;
...>
}
