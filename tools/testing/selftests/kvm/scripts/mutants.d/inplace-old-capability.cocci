// SPDX-License-Identifier: GPL-2.0-only
// mutant: inplace-old-capability
// fault: KVM_CAP_MEMORY_ATTRIBUTES goes on to offer what the VM does not keep
// expect: ABI
// killed-by: gmem_convert_api_test:convert-api/capabilities
// killed-by: gmem_api_test:api/*
// file: virt/kvm/kvm_main.c
// feature: in-place
// param: kvm.gmem_in_place_conversion=1
//
// Not equivalent: a VMM would set attributes that nobody looks at.

@@
@@
kvm_supported_mem_attributes(...) {
- if (gmem_in_place_conversion)
-	return 0;
...
}
