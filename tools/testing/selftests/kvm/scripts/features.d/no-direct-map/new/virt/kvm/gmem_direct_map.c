// SPDX-License-Identifier: GPL-2.0-only
/*
 * folio->private tells whether a page is out of the direct map.  It changes under the folio's
 * lock, when the page is about to be mapped by host or guest, and when it is freed.
 */
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/kvm.h>
#include <linux/mm.h>
#include <linux/no_direct_map.h>
#include <linux/pagemap.h>
#include <linux/set_memory.h>
#include <linux/vmalloc.h>
#include "gmem_direct_map.h"

#define OUT	((void *)1)

void gmem_direct_map_inode(struct inode *inode, u64 flags)
{
	if (flags & GUEST_MEMFD_FLAG_NO_DIRECT_MAP)
		set_bit(AS_NO_DIRECT_MAP, &inode->i_mapping->flags);
}

/* The page has been cleared; from now on only those see it that map it. */
int gmem_direct_map_remove(struct folio *folio)
{
	int r;

	if (!mapping_no_direct_map(folio->mapping) || folio->private == OUT)
		return 0;
	r = set_direct_map_invalid_noflush(folio_page(folio, 0));
	if (r)
		return r;
	folio->private = OUT;
	direct_map_flush(folio_page(folio, 0));
	return 0;
}

/* The page is free: whoever gets it next expects to reach it. */
void gmem_direct_map_restore(struct folio *folio)
{
	if (folio->private != OUT)
		return;
	WARN_ON_ONCE(set_direct_map_default_noflush(folio_page(folio, 0)));
	folio->private = NULL;
}

/* An address for a page that may have none; NULL if there is no memory for one. */
void *gmem_direct_map_kmap(struct page *page)
{
	struct folio *folio = page_folio(page);

	/* An anonymous page uses private for other things. */
	if (!folio_test_anon(folio) && folio->mapping && mapping_no_direct_map(folio->mapping))
		return vmap(&page, 1, VM_MAP, PAGE_KERNEL);
	return kmap(page);
}
