/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page tables of a guest in 32-bit protected mode (Intel SDM, volume 3, 4.3 and 4.4; AMD APM,
 * volume 2, 5.2), in the control memslot, which they map to itself.
 *
 *	32-bit	root = directory -> entry 768 -> one of two tables of 1024 pages, or a 4 MiB page
 *	PAE	root -> entry 3 -> one of two directories -> entry 0 -> one of two tables of 512
 *		pages, or a 2 MiB page
 */
#ifndef LEGACY_TABLES_H
#define LEGACY_TABLES_H

#include "machine/vm.h"
#include "machine/x86/guest_tables.h"

#define LEGACY_BASE	0xc0000000u	/* linear address of page 0 */
#define LEGACY_ROOTS	2u

/**
 * struct legacy_tables - addresses in the control memslot
 * @vm: the VM
 * @pae: physical address extensions; else entries have 32 bits
 * @root: what CR3 may be
 * @directory: of each root; with @pae those that an entry of a root may point to
 * @table: those that an entry of a directory may point to
 */
struct legacy_tables {
	struct vm *vm;
	bool pae;
	uint64_t root[LEGACY_ROOTS], directory[LEGACY_ROOTS], table[2];
};

/* Where a page is mapped to. */
struct legacy_leaf {
	bool present, writable;
	uint64_t gpa;		/* of the page */
	uint64_t entry;		/* the last one */
};

/**
 * legacy_tables_create() - make tables; nothing is mapped by the last level yet
 * @t: filled in
 * @vm: the VM, with a control memslot
 * @pae: which mode
 */
void legacy_tables_create(struct legacy_tables *t, struct vm *vm, bool pae);

/**
 * legacy_tables_pages() - how many pages a table maps
 * @t: the tables
 *
 * Return: 1024, or with PAE 512.
 */
uint32_t legacy_tables_pages(const struct legacy_tables *t);

/**
 * legacy_tables_top() - the entry of a root, with PAE
 * @t: the tables
 * @root: which
 *
 * Return: its control address.
 */
uint64_t legacy_tables_top(const struct legacy_tables *t, unsigned int root);

/**
 * legacy_tables_upper() - the entry of a directory
 * @t: the tables
 * @directory: which
 *
 * Return: its control address.
 */
uint64_t legacy_tables_upper(const struct legacy_tables *t, unsigned int directory);

/**
 * legacy_tables_small() - the entry of a page
 * @t: the tables
 * @table: which
 * @page: from LEGACY_BASE on
 *
 * Return: its control address.
 */
uint64_t legacy_tables_small(const struct legacy_tables *t, unsigned int table, uint32_t page);

/**
 * legacy_tables_walk() - where a page is mapped to now, by what lies in memory
 * @t: the tables
 * @root: that is used
 * @page: from LEGACY_BASE on
 *
 * Return: where.
 */
struct legacy_leaf legacy_tables_walk(const struct legacy_tables *t, unsigned int root,
				      uint32_t page);

#endif /* LEGACY_TABLES_H */
