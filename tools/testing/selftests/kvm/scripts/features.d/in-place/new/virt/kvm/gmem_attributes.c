// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kvm_host.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include "gmem_attributes.h"

static struct maple_tree *tree(struct inode *inode)
{
	return inode->i_private;
}

static pgoff_t last_index(struct inode *inode)
{
	return (i_size_read(inode) >> PAGE_SHIFT) - 1;
}

int gmem_attributes_create(struct inode *inode, u64 attributes)
{
	struct maple_tree *mt = kzalloc_obj(*mt, GFP_KERNEL_ACCOUNT);
	MA_STATE(mas, mt, 0, last_index(inode));
	int r;

	if (!mt)
		return -ENOMEM;
	mt_init_flags(mt, MT_FLAGS_LOCK_EXTERN | MT_FLAGS_USE_RCU);
	mt_set_external_lock(mt, &inode->i_mapping->invalidate_lock);
	inode->i_private = mt;
	filemap_invalidate_lock(inode->i_mapping);
	r = mas_store_gfp(&mas, xa_mk_value(attributes), GFP_KERNEL_ACCOUNT);
	filemap_invalidate_unlock(inode->i_mapping);
	return r;
}

/* Nobody else has the inode any more. */
void gmem_attributes_destroy(struct inode *inode)
{
	struct maple_tree *mt = tree(inode);

	if (!mt)
		return;
	filemap_invalidate_lock(inode->i_mapping);
	__mt_destroy(mt);
	filemap_invalidate_unlock(inode->i_mapping);
	inode->i_private = NULL;
	kfree(mt);
}

u64 gmem_attributes_get(struct inode *inode, pgoff_t index)
{
	void *entry = mtree_load(tree(inode), index);

	/* The tree covers the file; whoever asks for more gets what a new file would have. */
	if (WARN_ON_ONCE(!entry))
		return KVM_MEMORY_ATTRIBUTE_PRIVATE;
	return xa_to_value(entry);
}

/* [start, end) has these attributes and no others. */
bool gmem_attributes_are(struct inode *inode, pgoff_t start, pgoff_t end, u64 attributes)
{
	MA_STATE(mas, tree(inode), start, start);
	void *entry;

	lockdep_assert_held(&inode->i_mapping->invalidate_lock);
	mas_for_each(&mas, entry, end - 1)
		if (xa_to_value(entry) != attributes)
			return false;
	return true;
}

/*
 * Have the memory for a change of [start, end) that cannot fail.  An equal neighbour becomes part
 * of the range, so that the tree does not grow with the number of conversions.
 */
int gmem_attributes_prepare(struct gmem_attributes_change *change, struct inode *inode,
			    pgoff_t start, pgoff_t end, u64 attributes)
{
	MA_STATE(mas, tree(inode), start, start);
	unsigned long first = start, last = end - 1;

	lockdep_assert_held_write(&inode->i_mapping->invalidate_lock);
	change->entry = xa_mk_value(attributes);
	if (start) {
		mas_set(&mas, start - 1);
		if (mas_walk(&mas) == change->entry)
			first = mas.index;
	}
	if (end - 1 < last_index(inode)) {
		mas_set(&mas, end);
		if (mas_walk(&mas) == change->entry)
			last = mas.last;
	}
	mas_init(&change->mas, tree(inode), first);
	mas_set_range(&change->mas, first, last);
	return mas_preallocate(&change->mas, change->entry, GFP_KERNEL_ACCOUNT);
}

void gmem_attributes_commit(struct gmem_attributes_change *change)
{
	mas_store_prealloc(&change->mas, change->entry);
}

void gmem_attributes_abandon(struct gmem_attributes_change *change)
{
	mas_destroy(&change->mas);
}
