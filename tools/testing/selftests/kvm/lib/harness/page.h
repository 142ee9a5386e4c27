/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The host's pages: the unit of memslots, files and mappings.  Their size is 4, 16 or 64 KiB
 * on arm64.  Tokens count in units of their own, see token.h.
 */
#ifndef PAGE_H
#define PAGE_H

#include <stdint.h>
#include <unistd.h>

/**
 * page_size() - the size of the host's pages
 *
 * Return: bytes.
 */
static inline uint64_t page_size(void)
{
	return getpagesize();
}

/* For programs that reckon in pages a lot. */
#define PAGE	page_size()

#endif /* PAGE_H */
