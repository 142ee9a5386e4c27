// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-host-not-asked
// fault: a fault of the host does not look whether the page is private
// expect: PERMISSION
// killed-by: gmem_convert_test:convert/index
// killed-by: gmem_race_test:race/in-place/host-write+*
// file: virt/kvm/guest_memfd.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: private memory is the guest's alone.

@@
expression inode, index;
@@
kvm_gmem_fault_user_mapping(...) {
<...
- !kvm_gmem_is_shared_mem(inode, index)
+ false
...>
}
