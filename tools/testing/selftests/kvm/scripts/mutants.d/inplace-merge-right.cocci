// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-merge-right
// fault: a range takes its right neighbour along, whatever that is
// expect: PERMISSION
// killed-by: gmem_convert_test:convert/index
// file: virt/kvm/gmem_attributes.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: seen by a conversion of any page but the last.

@@
@@
gmem_attributes_prepare(...) {
<...
- if (mas_walk(&mas) == change->entry)
+ if (mas_walk(&mas))
	last = mas.last;
...>
}
