// SPDX-License-Identifier: GPL-2.0-only
// mutant: api-pre-fault-rest
// fault: KVM_PRE_FAULT_MEMORY leaves the size as it was
// expect: ABI
// killed-by: gmem_prefault_test:api/pre-fault
// file: virt/kvm/kvm_main.c

@@
expression range, full_size, r;
@@
- return full_size == range->size ? r : 0;
+ if (full_size == range->size)
+	return r;
+ range->size = full_size;
+ return 0;
