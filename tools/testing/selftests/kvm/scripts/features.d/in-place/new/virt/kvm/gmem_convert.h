/* SPDX-License-Identifier: GPL-2.0-only */
/* Conversion in place: what guest_memfd.c and the rest of KVM need of it. */
#ifndef GMEM_CONVERT_H
#define GMEM_CONVERT_H

#include <linux/kvm_host.h>
#include <linux/mm.h>

/* Each brings back a fault of the code as merged (kvm.gmem_in_place_faults). */
#define GMEM_FAULT_HOLE		1	/* a hole that was touched hides a memslot */
#define GMEM_FAULT_DEFAULT_VM	2	/* pages are private without private memory */

extern uint gmem_in_place_faults;

/* guest_memfd.c */
int gmem_get_pfn_locked(struct kvm *kvm, struct kvm_memory_slot *slot, gfn_t gfn, kvm_pfn_t *pfn,
			struct page **page, int *max_order);
void kvm_gmem_invalidate_start(struct inode *inode, pgoff_t start, pgoff_t end);
void kvm_gmem_invalidate_end(struct inode *inode, pgoff_t start, pgoff_t end);
vm_fault_t kvm_gmem_fault_user_mapping(struct vm_fault *vmf);

/* arch: nr pages from pfn on, which no guest has mapped, become shared. */
void kvm_arch_gmem_make_shared(kvm_pfn_t pfn, kvm_pfn_t nr_pages);

/* gmem_convert.c */
bool gmem_index_is_private(struct inode *inode, pgoff_t index);
long gmem_ioctl(struct file *file, unsigned int ioctl, unsigned long arg);
vm_fault_t gmem_fault(struct vm_fault *vmf);
int gmem_inode_create(struct inode *inode, u64 flags);
u64 gmem_supported_attributes(struct kvm *kvm);

#endif /* GMEM_CONVERT_H */
