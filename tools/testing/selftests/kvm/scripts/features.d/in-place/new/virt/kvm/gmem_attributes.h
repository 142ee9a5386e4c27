/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private or shared, for each page of a guest_memfd.
 *
 * A maple tree behind inode->i_private covers the file from its first page to its last; ranges of
 * equal attributes are one entry.  mapping->invalidate_lock, held for writing, protects changes;
 * lookups need RCU only.
 */
#ifndef GMEM_ATTRIBUTES_H
#define GMEM_ATTRIBUTES_H

#include <linux/fs.h>
#include <linux/maple_tree.h>

/* A change that has all the memory it needs. */
struct gmem_attributes_change {
	struct ma_state mas;
	void *entry;
};

int gmem_attributes_create(struct inode *inode, u64 attributes);
void gmem_attributes_destroy(struct inode *inode);
u64 gmem_attributes_get(struct inode *inode, pgoff_t index);
bool gmem_attributes_are(struct inode *inode, pgoff_t start, pgoff_t end, u64 attributes);
int gmem_attributes_prepare(struct gmem_attributes_change *change, struct inode *inode,
			    pgoff_t start, pgoff_t end, u64 attributes);
void gmem_attributes_commit(struct gmem_attributes_change *change);
void gmem_attributes_abandon(struct gmem_attributes_change *change);

#endif /* GMEM_ATTRIBUTES_H */
