// SPDX-License-Identifier: GPL-2.0-only
/* The clusters of a cell, and the hash in which they are found by their value. */
#include <string.h>
#include "oracle/parts.h"

void clusters_clear(struct checker *c, uint32_t room)
{
	struct cell_view *cell = &c->cell;
	uint32_t size = 4;

	while (size < 2 * room)
		size *= 2;
	CHECKER_ROOM(c, cell->cluster, cell->cluster_room, room);
	CHECKER_ROOM(c, cell->table, cell->table_room, size);
	memset(cell->table, 0, size * sizeof(*cell->table));
	cell->table_mask = size - 1;
	cell->clusters = 0;
}

static uint32_t *table_entry(const struct cell_view *cell, uint64_t value)
{
	uint32_t i = (value ^ value >> 28) * 0x9e3779b97f4a7c15ull >> 32;

	for (;; i++) {
		uint32_t *t = &cell->table[i & cell->table_mask];

		if (!*t || cell->cluster[*t - 1].value == value)
			return t;
	}
}

struct cluster *cluster_find(const struct cell_view *cell, uint64_t value)
{
	uint32_t *t = table_entry(cell, value);

	return *t ? &cell->cluster[*t - 1] : NULL;
}

struct cluster *cluster_add(struct cell_view *cell, uint64_t value, uint64_t begin, uint64_t end,
			    uint32_t source)
{
	uint32_t n = cell->clusters++, *t = table_entry(cell, value);
	struct cluster *k = &cell->cluster[n];

	*k = (struct cluster){ value, end, begin, source, source, source, NONE, NONE, source,
			       NONE, BOTH_COPIES };
	if (*t) {
		cell->cluster[*t - 1].duplicate = true;
		k->duplicate = true;
		k->next = *t - 1;
	}
	*t = n + 1;
	return k;
}
