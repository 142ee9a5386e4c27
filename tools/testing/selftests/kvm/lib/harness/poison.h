/* SPDX-License-Identifier: GPL-2.0-only */
/* Pages that the hardware has lost, as far as the kernel knows (mm/memory-failure.c). */
#ifndef POISON_H
#define POISON_H

#include <stdint.h>

/**
 * poison_require() - skip the sub-test if a page could not be given back afterwards
 */
void poison_require(void);

/**
 * poison_page() - lose a page (MADV_HWPOISON), or skip the sub-test if the kernel refuses
 * @page: mapped, and touched
 */
void poison_page(void *page);

/**
 * poison_give_back() - give a lost page, which nobody has any more, to the page allocator
 * @address: physical, bytes
 */
void poison_give_back(uint64_t address);

#endif /* POISON_H */
