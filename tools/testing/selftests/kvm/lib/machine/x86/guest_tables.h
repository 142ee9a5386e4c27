/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page tables of the guest's own, for a test to change while vCPUs use them.
 *
 *	root -> one directory -> entry 0 -> one of two tables of 512 pages, or a 2 MiB page
 *
 * They map [GUEST_TABLES_BASE, + 2 MiB).  Everything else is mapped as by the VM's own root.  They
 * lie in the control memslot, identity mapped: host and guest can both write to them.
 */
#ifndef GUEST_TABLES_H
#define GUEST_TABLES_H

#include "machine/vm.h"

#define GUEST_TABLES_BASE	(3ull << 40)

/*
 * Nested: the tables are those that L1 gives L2, in which everything else is what it is.  L2 finds
 * at GUEST_TABLES_BASE what they map at this guest physical address.
 */
#define GUEST_TABLES_NESTED	AGENT_TEST_GPA_END

/* Intel SDM volume 3, 5.5; AMD APM volume 2, 5.4. */
#define PTE_PRESENT	(1ull << 0)
#define PTE_WRITE	(1ull << 1)
#define PTE_USER	(1ull << 2)
#define PTE_ACCESSED	(1ull << 5)
#define PTE_DIRTY	(1ull << 6)
#define PTE_LARGE	(1ull << 7)
#define PTE_ADDRESS	0x000ffffffffff000ull

/**
 * struct table_format - what entries say besides an address, PTE_WRITE and PTE_LARGE, and how
 * @table: an entry that leads to a table, and allows all
 * @page: an entry that maps a page, which may be read and executed
 * @accessed: the CPU's mark of a use
 * @dirty: of a write
 */
struct table_format {
	uint64_t table, page, accessed, dirty;
};

/**
 * struct guest_tables - addresses in the control memslot
 * @vm: the VM
 * @base: the address that they translate: linear, or guest physical where they are nested
 * @format: of the entries
 * @root: what CR3, or L1's nested CR3, has to be
 * @directory: its entry 0 decides about the 2 MiB
 * @table: the two that it may point to
 */
struct guest_tables {
	struct vm *vm;
	const struct table_format *format;
	uint64_t base, root, directory, table[2];
};

/**
 * guest_tables_create() - make tables; nothing is mapped by the two last levels yet
 * @t: filled in; entry 0 of the directory points to the first table
 * @vm: the VM, with its own root
 */
void guest_tables_create(struct guest_tables *t, struct vm *vm);

/**
 * guest_tables_create_nested() - make tables for L2, as above
 * @t: filled in
 * @vm: the VM, whose agents are to run in L2 with nested paging
 */
void guest_tables_create_nested(struct guest_tables *t, struct vm *vm);

/**
 * guest_tables_large() - the entry of the directory
 * @t: the tables
 *
 * Return: its control address.
 */
uint64_t guest_tables_large(const struct guest_tables *t);

/**
 * guest_tables_small() - the entry of a page
 * @t: the tables
 * @which: of the two tables
 * @page: from GUEST_TABLES_BASE on
 *
 * Return: its control address.
 */
uint64_t guest_tables_small(const struct guest_tables *t, unsigned int which, uint32_t page);

/**
 * guest_tables_walk() - where a page is mapped to now, by what lies in memory
 * @t: the tables
 * @page: from GUEST_TABLES_BASE on
 * @gpa: of the page, if it is mapped
 * @writable: may it be written to?  All entries have to say so
 *
 * Return: the host's view of the last entry; NULL if one of the entries is not present.
 */
const uint64_t *guest_tables_walk(const struct guest_tables *t, uint32_t page, uint64_t *gpa,
				  bool *writable);

#endif /* GUEST_TABLES_H */
