/* SPDX-License-Identifier: GPL-2.0-only */
/* The guest's page tables on x86-64: four levels, 2 MiB leaves. */
#ifndef PAGE_TABLE_H
#define PAGE_TABLE_H

#include "vm.h"

/**
 * page_table_init() - identity map of the control memslot, two aliases of test memory
 * @vm: the VM; its root is set
 *
 * Leaves are writable and executable.  They map more than there is memory for: what
 * the guest may touch is decided by the memslots, which is what is tested.
 */
void page_table_init(struct vm *vm);

#endif /* PAGE_TABLE_H */
