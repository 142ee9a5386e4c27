/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest's page tables: four levels of 512 entries, 2 MiB leaves.  That is how x86-64
 * has them and arm64 with the 4K granule; the bits in the entries differ.
 */
#ifndef PAGE_TABLE_H
#define PAGE_TABLE_H

#include "machine/vm.h"

/**
 * page_table_map() - map [@gpa, @end) at @gva
 * @vm: the VM; its root is set if it has none yet
 * @gva: guest virtual address, a multiple of 2 MiB
 * @gpa: guest physical address, likewise
 * @end: where to stop
 * @table: what makes an entry one that points to the next level
 * @leaf: what makes an entry a leaf
 */
void page_table_map(struct vm *vm, uint64_t gva, uint64_t gpa, uint64_t end, uint64_t table,
		    uint64_t leaf);

/**
 * page_table_init() - identity map of the control memslot, two aliases of test memory
 * @vm: the VM
 * @table: as above
 * @leaf: as above; writable and executable
 *
 * They map more than there is memory for: what the guest may touch is decided by the
 * memslots, which is what is tested.
 */
void page_table_init(struct vm *vm, uint64_t table, uint64_t leaf);

#endif /* PAGE_TABLE_H */
