// SPDX-License-Identifier: GPL-2.0-only
// mutant: api-slot-deleted-twice
// fault: deletion of a memslot that does not exist is a success
// expect: ABI
// killed-by: gmem_memslot_test:api/memslot-delete
// file: virt/kvm/kvm_main.c

@@
expression mem, old;
@@
  if (!mem->memory_size) {
	if (!old || !old->npages)
-		return -EINVAL;
+		return 0;
	...
  }
