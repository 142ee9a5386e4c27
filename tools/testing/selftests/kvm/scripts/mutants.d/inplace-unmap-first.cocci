// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-unmap-first
// fault: a conversion to private takes the first page alone from the host
// expect: ABI, PERMISSION
// killed-by: gmem_convert_pin_test:convert-pin/vmsplice
// killed-by: gmem_convert_test:convert/index
// file: virt/kvm/gmem_convert.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: the second page of a range that the host has mapped is found in use, for ever.

@@
expression mapping, start, end;
@@
convert(...) {
<...
- unmap_mapping_pages(mapping, start, end - start, false);
+ unmap_mapping_pages(mapping, start, 1, false);
...>
}
