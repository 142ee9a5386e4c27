// SPDX-License-Identifier: GPL-2.0-only
// mutant: api-table-full
// fault: KVM_CREATE_GUEST_MEMFD reports a full descriptor table as another error
// expect: ABI
// killed-by: gmem_api_test:api/create-args
// file: virt/kvm/guest_memfd.c

@@
expression fd;
@@
  fd = get_unused_fd_flags(0);
  if (fd < 0)
-	return fd;
+	return -ENFILE;
