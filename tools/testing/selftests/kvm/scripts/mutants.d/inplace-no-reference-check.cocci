// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-no-reference-check
// fault: a conversion to private does not look whether pages are in use
// expect: ABI
// killed-by: gmem_convert_pin_test:convert-pin/vmsplice
// killed-by: gmem_convert_pin_test:convert-pin/gup-test
// file: virt/kvm/gmem_convert.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: a pipe that refers to the page goes on to read what the guest writes to it.

@@
expression E;
@@
convert(...) {
<...
- if (find_extra_reference(...)) { ... }
+ (void)find_extra_reference;
...>
}
