// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest_memfd whose pages change between private and shared, and stay where they are.
 *
 * Lock order: slots_lock, mmap_lock, mapping->invalidate_lock, folio lock, mmu_lock.  A conversion
 * holds invalidate_lock for writing; a fault of the host and one of KVM hold it for reading from
 * the look at the attribute to the look-up of the folio.  After that a fault of the host holds a
 * reference, which a conversion to private finds; one of KVM holds none, and is retried because
 * of mmu_invalidate_seq.
 */
#include <linux/file.h>
#include <linux/kvm_host.h>
#include <linux/moduleparam.h>
#include <linux/pagemap.h>
#include <linux/folio_batch.h>
#include <linux/rmap.h>
#include <linux/swap.h>
#include <linux/uaccess.h>
#include "gmem_attributes.h"
#include "gmem_convert.h"

#ifdef CONFIG_KVM_VM_MEMORY_ATTRIBUTES
bool __read_mostly gmem_in_place_conversion;
module_param(gmem_in_place_conversion, bool, 0444);
EXPORT_SYMBOL_FOR_KVM_INTERNAL(gmem_in_place_conversion);
#endif

/* For tests of the tests: see GMEM_FAULT_*. */
uint __read_mostly gmem_in_place_faults;
module_param(gmem_in_place_faults, uint, 0444);
EXPORT_SYMBOL_FOR_KVM_INTERNAL(gmem_in_place_faults);

u64 gmem_supported_attributes(struct kvm *kvm)
{
	if (!gmem_in_place_conversion || (kvm && !kvm_arch_has_private_mem(kvm)))
		return 0;
	return KVM_MEMORY_ATTRIBUTE_PRIVATE;
}

int gmem_inode_create(struct inode *inode, u64 flags)
{
	return gmem_attributes_create(inode, flags & GUEST_MEMFD_FLAG_INIT_SHARED ? 0 :
				      KVM_MEMORY_ATTRIBUTE_PRIVATE);
}

bool gmem_index_is_private(struct inode *inode, pgoff_t index)
{
	return gmem_attributes_get(inode, index) & KVM_MEMORY_ATTRIBUTE_PRIVATE;
}

/* The caller holds kvm->srcu or slots_lock.  Without a memslot, or a file, all is shared. */
bool kvm_gmem_gfn_is_private(struct kvm *kvm, gfn_t gfn)
{
	struct kvm_memory_slot *slot;
	struct file *file;
	bool private;

	if (!kvm_arch_has_private_mem(kvm) && !(gmem_in_place_faults & GMEM_FAULT_DEFAULT_VM))
		return false;
	slot = gfn_to_memslot(kvm, gfn);
	if (!kvm_slot_has_gmem(slot))
		return false;
	file = get_file_active(&slot->gmem.file);
	if (!file)
		return false;
	private = gmem_index_is_private(file_inode(file),
					gfn - slot->base_gfn + slot->gmem.pgoff);
	fput(file);
	return private;
}
EXPORT_SYMBOL_FOR_KVM_INTERNAL(kvm_gmem_gfn_is_private);

/* guest_memfd.c exports it. */
int kvm_gmem_get_pfn(struct kvm *kvm, struct kvm_memory_slot *slot, gfn_t gfn, kvm_pfn_t *pfn,
		     struct page **page, int *max_order)
{
	struct file *file;
	int r;

	if (!gmem_in_place_conversion)
		return gmem_get_pfn_locked(kvm, slot, gfn, pfn, page, max_order);
	file = get_file_active(&slot->gmem.file);
	if (!file)
		return -EFAULT;
	filemap_invalidate_lock_shared(file->f_mapping);
	r = gmem_get_pfn_locked(kvm, slot, gfn, pfn, page, max_order);
	/* A reference would make a conversion think that somebody uses the page. */
	if (!r) {
		put_page(*page);
		*page = NULL;
	}
	filemap_invalidate_unlock_shared(file->f_mapping);
	fput(file);
	return r;
}

vm_fault_t gmem_fault(struct vm_fault *vmf)
{
	struct address_space *mapping = vmf->vma->vm_file->f_mapping;
	vm_fault_t r;

	if (!gmem_in_place_conversion)
		return kvm_gmem_fault_user_mapping(vmf);
	filemap_invalidate_lock_shared(mapping);
	r = kvm_gmem_fault_user_mapping(vmf);
	filemap_invalidate_unlock_shared(mapping);
	return r;
}

/* The page cache has one reference a page, and the caller one; whatever is more is a user. */
static bool in_use(struct folio *folio, enum lru_cache_drained *drained)
{
	lru_cache_drain_for_folio(folio, 1, drained);
	return folio_mapped(folio) || folio_maybe_dma_pinned(folio) ||
	       folio_ref_count(folio) != folio_nr_pages(folio) + 1;
}

/* All host mappings are gone.  Is any page of [start, end) in use, and if so, which first? */
static bool find_extra_reference(struct address_space *mapping, pgoff_t start, pgoff_t end,
				 pgoff_t *first)
{
	enum lru_cache_drained drained = LRU_CACHE_NOT_DRAINED;
	struct folio_batch batch;
	bool found = false;
	unsigned int i;

	folio_batch_init(&batch);
	while (!found && filemap_get_folios(mapping, &start, end - 1, &batch)) {
		for (i = 0; i < folio_batch_count(&batch) && !found; i++) {
			found = in_use(batch.folios[i], &drained);
			if (found)
				*first = batch.folios[i]->index;
		}
		folio_batch_release(&batch);
		cond_resched();
	}
	return found;
}

/*
 * The guest has let the pages go, and keeps what is in them or not as its architecture has it.
 * Not to be mixed with reclaim, when a page is freed: that one has to see to it that nothing is
 * left.  Its opposite is kvm_arch_gmem_make_private(), whenever the guest is given a page.
 */
static void make_shared(struct address_space *mapping, pgoff_t start, pgoff_t end)
{
#ifdef CONFIG_HAVE_KVM_ARCH_GMEM_CONVERT
	struct folio_batch batch;
	unsigned int i;

	folio_batch_init(&batch);
	while (filemap_get_folios(mapping, &start, end - 1, &batch)) {
		for (i = 0; i < folio_batch_count(&batch); i++)
			kvm_arch_gmem_make_shared(folio_pfn(batch.folios[i]),
						  folio_nr_pages(batch.folios[i]));
		folio_batch_release(&batch);
		cond_resched();
	}
#endif
}

static int convert(struct inode *inode, pgoff_t start, pgoff_t end, u64 attributes,
		   pgoff_t *error_index)
{
	struct address_space *mapping = inode->i_mapping;
	struct gmem_attributes_change change;
	int r;

	lockdep_assert_held_write(&mapping->invalidate_lock);
	if (gmem_attributes_are(inode, start, end, attributes))
		return 0;
	*error_index = start;
	r = gmem_attributes_prepare(&change, inode, start, end, attributes);
	if (r)
		return r;
	if (attributes & KVM_MEMORY_ATTRIBUTE_PRIVATE) {
		unmap_mapping_pages(mapping, start, end - start, false);
		if (find_extra_reference(mapping, start, end, error_index)) {
			gmem_attributes_abandon(&change);
			return -EAGAIN;
		}
	}
	kvm_gmem_invalidate_start(inode, start, end);
	if (!(attributes & KVM_MEMORY_ATTRIBUTE_PRIVATE))
		make_shared(mapping, start, end);
	gmem_attributes_commit(&change);
	kvm_gmem_invalidate_end(inode, start, end);
	return 0;
}

/* struct gmem_file of guest_memfd.c begins with the VM. */
static struct kvm *vm_of(struct file *file)
{
	return *(struct kvm **)file->private_data;
}

static int check(struct file *file, const struct kvm_memory_attributes2 *a)
{
	const u64 size = i_size_read(file_inode(file));

	if (a->flags || memchr_inv(a->reserved, 0, sizeof(a->reserved)))
		return -EINVAL;
	if (!kvm_arch_has_private_mem(vm_of(file)))
		return -EINVAL;
	if (a->attributes & ~KVM_MEMORY_ATTRIBUTE_PRIVATE)
		return -EINVAL;
	if (!a->size || a->offset + a->size < a->offset)
		return -EINVAL;
	if (!PAGE_ALIGNED(a->offset) || !PAGE_ALIGNED(a->size))
		return -EINVAL;
	return a->offset >= size || a->offset + a->size > size ? -EINVAL : 0;
}

static int set_attributes(struct file *file, struct kvm_memory_attributes2 __user *user)
{
	struct inode *inode = file_inode(file);
	struct kvm_memory_attributes2 a;
	pgoff_t error_index;
	int r;

	if (copy_from_user(&a, user, sizeof(a)))
		return -EFAULT;
	r = check(file, &a);
	if (r)
		return r;
	filemap_invalidate_lock(inode->i_mapping);
	r = convert(inode, a.offset >> PAGE_SHIFT, (a.offset + a.size) >> PAGE_SHIFT, a.attributes,
		    &error_index);
	filemap_invalidate_unlock(inode->i_mapping);
	if (r) {
		a.error_offset = (u64)error_index << PAGE_SHIFT;
		if (copy_to_user(&user->error_offset, &a.error_offset, sizeof(a.error_offset)))
			return -EFAULT;
	}
	return r;
}

long gmem_ioctl(struct file *file, unsigned int ioctl, unsigned long arg)
{
	if (ioctl != KVM_SET_MEMORY_ATTRIBUTES2 || !gmem_in_place_conversion)
		return -ENOTTY;
	return set_attributes(file, (struct kvm_memory_attributes2 __user *)arg);
}
