/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SNPSIM_DIRECT_MAP_H
#define SNPSIM_DIRECT_MAP_H

#include <linux/types.h>

struct page;

/* Take a page out of the direct map, or put it back. */
int snpsim_direct_map(struct page *page, bool present);

#endif
