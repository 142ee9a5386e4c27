// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-merge-left
// fault: a range takes its left neighbour along, whatever that is
// expect: PERMISSION
// killed-by: gmem_convert_test:convert/index
// file: virt/kvm/gmem_attributes.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: seen by a conversion of any page but the first.

@@
@@
gmem_attributes_prepare(...) {
<...
- if (mas_walk(&mas) == change->entry)
+ if (mas_walk(&mas))
	first = mas.index;
...>
}
