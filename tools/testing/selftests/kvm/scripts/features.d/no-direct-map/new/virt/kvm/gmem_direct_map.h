/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages of a guest_memfd leave the direct map before anybody maps them, until they are freed. */
#ifndef GMEM_DIRECT_MAP_H
#define GMEM_DIRECT_MAP_H

#include <linux/mm_types.h>

struct inode;

void gmem_direct_map_inode(struct inode *inode, u64 flags);
int gmem_direct_map_remove(struct folio *folio);
void gmem_direct_map_restore(struct folio *folio);
void *gmem_direct_map_kmap(struct page *page);

#endif /* GMEM_DIRECT_MAP_H */
