// SPDX-License-Identifier: GPL-2.0-only
// mutant: api-flags-any
// fault: KVM_CREATE_GUEST_MEMFD ignores flags that it does not know
// expect: ABI
// killed-by: gmem_api_test:api/create-flags
// file: virt/kvm/guest_memfd.c

@@
expression flags, kvm;
@@
- flags & ~kvm_gmem_get_supported_flags(kvm)
+ false
