// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-fault-holds-page
// fault: a fault of KVM's holds a reference to its page
// expect: ABI
// killed-by: gmem_convert_use_test:convert-use/guest
// killed-by: gmem_race_test:race/in-place/guest-*+to-private
// file: virt/kvm/gmem_convert.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: a conversion beside an access of the guest's says EAGAIN although the host touches nothing.

@@
expression page;
@@
kvm_gmem_get_pfn(...) {
<...
- if (!r) { put_page(*page); *page = NULL; }
...>
}
