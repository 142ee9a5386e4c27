// SPDX-License-Identifier: GPL-2.0-only
// mutant: api-attributes-any
// fault: KVM_SET_MEMORY_ATTRIBUTES stores attributes that nobody offers
// expect: LOST_DATA
// killed-by: gmem_api_test:api/attributes-values
// file: virt/kvm/kvm_main.c

@@
expression attrs, kvm;
@@
- attrs->attributes & ~kvm_supported_mem_attributes(kvm)
+ false
