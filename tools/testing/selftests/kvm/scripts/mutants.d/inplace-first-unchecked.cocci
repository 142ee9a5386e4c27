// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-first-unchecked
// fault: the first page of a range may be in use
// expect: ABI
// killed-by: gmem_convert_pin_test:convert-pin/vmsplice
// killed-by: gmem_convert_pin_test:convert-pin/gup-test
// file: virt/kvm/gmem_convert.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: seen by a pin of the first page.

@@
expression mapping, start, end, e;
@@
convert(...) {
<...
- find_extra_reference(mapping, start, end, e)
+ find_extra_reference(mapping, start + 1, end, e)
...>
}
