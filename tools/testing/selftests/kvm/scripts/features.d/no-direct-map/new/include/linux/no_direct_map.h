/* SPDX-License-Identifier: GPL-2.0-only */
/* Mappings whose pages the kernel cannot reach by its direct map: nobody gets a hold of them. */
#ifndef NO_DIRECT_MAP_H
#define NO_DIRECT_MAP_H

#include <linux/fs.h>
#include <linux/mm_types.h>

/* A bit of address_space.flags that enum mapping_flags leaves free. */
#define AS_NO_DIRECT_MAP	12

static inline bool mapping_no_direct_map(struct address_space *mapping)
{
	return test_bit(AS_NO_DIRECT_MAP, &mapping->flags);
}

static inline bool vma_no_direct_map(struct vm_area_struct *vma)
{
	return vma->vm_file && mapping_no_direct_map(vma->vm_file->f_mapping);
}

/* Let all CPUs forget where the page was in the direct map. */
void direct_map_flush(struct page *page);

#endif /* NO_DIRECT_MAP_H */
