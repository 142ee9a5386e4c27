// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-start-late
// fault: the first page of a range is not converted
// expect: PERMISSION
// killed-by: gmem_convert_test:convert/index
// killed-by: gmem_convert_test:convert/ends
// file: virt/kvm/gmem_convert.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: seen by every range of more than one page.

@@
expression inode, start, end, attributes;
@@
convert(...) {
<...
- gmem_attributes_prepare(&change, inode, start, end, attributes)
+ gmem_attributes_prepare(&change, inode, start + (end - start > 1), end, attributes)
...>
}
