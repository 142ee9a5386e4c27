// SPDX-License-Identifier: GPL-2.0-only
// file: virt/kvm/guest_memfd.c

@include@
@@
#include "guest_memfd.h"
+ #include "gmem_attributes.h"
+ #include "gmem_convert.h"

@is_private@
identifier inode, index;
@@
kvm_gmem_is_private_mem(struct inode *inode, pgoff_t index)
{
+	if (gmem_in_place_conversion)
+		return gmem_index_is_private(inode, index);
...
}

@filter@
identifier inode;
@@
kvm_gmem_get_invalidate_filter(struct inode *inode)
{
+	if (gmem_in_place_conversion)
+		return KVM_FILTER_SHARED | KVM_FILTER_PRIVATE;
...
}

@start@
@@
- static
 void kvm_gmem_invalidate_start(...) { ... }

@end@
@@
- static
 void kvm_gmem_invalidate_end(...) { ... }

@fault@
typedef vm_fault_t;
@@
- static
 vm_fault_t kvm_gmem_fault_user_mapping(...) { ... }

@vm_ops@
@@
 struct vm_operations_struct kvm_gmem_vm_ops = {
- .fault = kvm_gmem_fault_user_mapping,
+ .fault = gmem_fault,
 };

@fops@
@@
 struct file_operations kvm_gmem_fops = {
+ .unlocked_ioctl = gmem_ioctl,
+ .compat_ioctl = gmem_ioctl,
  .mmap = kvm_gmem_mmap,
 };

@create@
expression I, F;
@@
__kvm_gmem_create(...)
{
<...
 GMEM_I(I)->flags = F;
+	err = gmem_inode_create(I, F);
+	if (err)
+		goto err_inode;
...>
}

@destroy@
identifier inode;
@@
kvm_gmem_destroy_inode(struct inode *inode)
{
+	gmem_attributes_destroy(inode);
...
}

@gmem_only@
expression inode;
@@
kvm_gmem_prepare_memory_region(...)
{
<...
- kvm_gmem_supports_mmap(inode)
+ (gmem_in_place_conversion || kvm_gmem_supports_mmap(inode))
...>
}

@get_pfn@
identifier kvm, slot, gfn, pfn, page, order;
@@
- int kvm_gmem_get_pfn(
+ int gmem_get_pfn_locked(
  struct kvm *kvm, struct kvm_memory_slot *slot, gfn_t gfn, kvm_pfn_t *pfn, struct page **page, int *order) { ... }

@populate@
expression kvm, gfn;
@@
__kvm_gmem_populate(...)
{
<...
- kvm_range_has_memory_attributes(kvm, gfn, gfn + 1, KVM_MEMORY_ATTRIBUTE_PRIVATE, KVM_MEMORY_ATTRIBUTE_PRIVATE)
+ kvm_mem_is_private(kvm, gfn)
...>
}
