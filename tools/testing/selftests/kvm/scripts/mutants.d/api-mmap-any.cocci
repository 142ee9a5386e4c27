// SPDX-License-Identifier: GPL-2.0-only
// mutant: api-mmap-any
// fault: a guest_memfd made without GUEST_MEMFD_FLAG_MMAP can be mapped
// expect: ABI
// killed-by: gmem_file_test:api/mmap-refused
// file: virt/kvm/guest_memfd.c

@@
@@
kvm_gmem_mmap(...)
{
- if (!kvm_gmem_supports_mmap(...))
-	return -ENODEV;
...
}
