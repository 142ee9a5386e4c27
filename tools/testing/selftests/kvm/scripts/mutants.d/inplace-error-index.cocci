// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-error-index
// fault: error_offset counts pages, not bytes
// expect: ABI
// killed-by: gmem_convert_pin_test:convert-pin/vmsplice
// file: virt/kvm/gmem_convert.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: seen by a pin of any page but the first.

@@
typedef u64;
@@
set_attributes(...) {
<...
- (u64)error_index << PAGE_SHIFT
+ error_index
...>
}
