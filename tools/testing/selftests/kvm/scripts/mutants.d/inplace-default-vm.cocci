// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-default-vm
// fault: pages are private on VMs that have no private memory
// expect: PERMISSION, HANG
// killed-by: gmem_convert_test:convert/defaults
// file: virt/kvm/gmem_convert.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: the guest's accesses fault for ever; so in the code as merged for 7.4.

@@
@@
kvm_gmem_gfn_is_private(...) {
...
- if (!kvm_arch_has_private_mem(...) && ...)
-	return false;
...
}
