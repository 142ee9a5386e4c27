// SPDX-License-Identifier: GPL-2.0-only
// mutant: api-mmap-private
// fault: a guest_memfd can be mapped with MAP_PRIVATE
// expect: ABI
// killed-by: gmem_file_test:api/mmap-args
// file: virt/kvm/guest_memfd.c

@@
expression vma;
@@
kvm_gmem_mmap(...)
{
...
- if ((vma->vm_flags & (VM_SHARED | VM_MAYSHARE)) != (VM_SHARED | VM_MAYSHARE)) {
-	return -EINVAL;
- }
...
}
