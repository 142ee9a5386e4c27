// SPDX-License-Identifier: GPL-2.0-only
// mutant: api-file-sized
// fault: a guest_memfd can be given another size
// expect: ABI
// killed-by: gmem_file_test:api/file-calls
// file: virt/kvm/guest_memfd.c

@@
@@
kvm_gmem_setattr(...)
{
- return -EINVAL;
+ if (attr->ia_valid & ATTR_SIZE)
+	i_size_write(d_inode(dentry), attr->ia_size);
+ return 0;
}
