// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-always-in-use
// fault: a conversion to private says EAGAIN whatever the references are
// expect: ABI
// killed-by: gmem_convert_test:convert/index
// killed-by: gmem_stress:stress/in-place
// killed-by: gmem_race_test:race/in-place/guest-*+to-private
// file: virt/kvm/gmem_convert.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: a page that is there can never become private.

@@
@@
in_use(...) {
...
- return folio_mapped(...) || ...;
+ return true;
}
