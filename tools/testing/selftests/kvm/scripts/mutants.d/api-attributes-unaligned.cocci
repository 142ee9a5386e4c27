// SPDX-License-Identifier: GPL-2.0-only
// mutant: api-attributes-unaligned
// fault: KVM_SET_MEMORY_ATTRIBUTES takes ranges that begin or end inside a page
// expect: LOST_DATA
// killed-by: gmem_api_test:api/attributes-range
// file: virt/kvm/kvm_main.c

@@
expression attrs, unaligned;
@@
  if (attrs->size == 0 || attrs->address + attrs->size < attrs->address)
	return -EINVAL;
- if (unaligned)
-	return -EINVAL;
