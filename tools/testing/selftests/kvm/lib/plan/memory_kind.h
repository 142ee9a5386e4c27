/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kinds of guest memory: what backs it, how many copies of a page there are, and whether the
 * host sees them.
 *
 *	MEMORY_ANON	anonymous memory; one copy, host and guest share it
 *	MEMORY_SHARED	guest_memfd with MMAP | INIT_SHARED; one copy, hva is its mapping
 *	MEMORY_SPLIT	two backings chosen by attribute: private pages come from the
 *			guest_memfd, shared ones from hva
 *	MEMORY_SEALED	guest_memfd with MMAP alone; one copy, the guest's: hva is its mapping,
 *			and whoever touches that gets SIGBUS
 *	MEMORY_INPLACE	the same on a VM with private memory, and pages can be made shared: what
 *			they hold stays
 */
#ifndef MEMORY_KIND_H
#define MEMORY_KIND_H

#include <stdbool.h>

enum memory_kind {
	MEMORY_ANON,
	MEMORY_SHARED,
	MEMORY_SPLIT,
	MEMORY_SEALED,
	MEMORY_INPLACE,
	MEMORY_KINDS,
	/* Split or in place, whichever the kernel has: memory_kind_here() says. */
	MEMORY_PRIVATE = MEMORY_KINDS,
};

/**
 * memory_kind_name() - describe a kind in words
 * @kind: the kind
 *
 * Return: "anonymous", "shared guest_memfd", ...: for reports.
 */
const char *memory_kind_name(enum memory_kind kind);

/**
 * memory_kind_word() - name a kind in one word
 * @kind: the kind
 *
 * Return: "anonymous", "shared", "private", "sealed" or "in-place": the word that stands for it
 * in plans, options and ids of sub-tests.
 */
const char *memory_kind_word(enum memory_kind kind);

/**
 * memory_kind_mapped() - is the host's view the mapping of the guest_memfd?
 * @kind: the kind
 *
 * Return: true if so; false where hva is memory of its own.
 */
static inline bool memory_kind_mapped(enum memory_kind kind)
{
	return kind == MEMORY_SHARED || kind == MEMORY_SEALED || kind == MEMORY_INPLACE;
}

/**
 * memory_kind_converts() - can pages be made private and shared?
 * @kind: the kind
 *
 * Return: true if so.
 */
static inline bool memory_kind_converts(enum memory_kind kind)
{
	return kind == MEMORY_SPLIT || kind == MEMORY_INPLACE;
}

#endif /* MEMORY_KIND_H */
