// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-partial
// fault: pages before the one in use have changed when EAGAIN is returned
// expect: PERMISSION, ABI, STALE_MAPPING
// killed-by: gmem_convert_pin_test:convert-pin/vmsplice
// killed-by: gmem_convert_pin_test:convert-pin/gup-test
// file: virt/kvm/gmem_convert.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: pages that nobody could convert are private all the same.

@@
@@
convert(...) {
<...
- gmem_attributes_abandon(&change);
+ gmem_attributes_commit(&change);
...>
}
