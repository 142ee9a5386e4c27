// SPDX-License-Identifier: GPL-2.0-only
/* One cell: is there an order of what was done to it, and what does that leave? */
#include <string.h>
#include "oracle/anomaly_parts.h"
#include "oracle/search_parts.h"

static uint32_t *table_entry(const struct cell_view *cell, uint64_t value)
{
	uint32_t i = (value ^ value >> 28) * 0x9e3779b97f4a7c15ull >> 32;

	for (;; i++) {
		uint32_t *t = &cell->table[i & cell->table_mask];

		if (!*t || cell->value[*t - 1].value == value)
			return t;
	}
}

struct value *value_find(const struct cell_view *cell, uint64_t value)
{
	const uint32_t *t = table_entry(cell, value);

	return *t ? &cell->value[*t - 1] : NULL;
}

static void value_add(struct cell_view *cell, uint64_t value, uint64_t begin)
{
	uint32_t *t = table_entry(cell, value);

	if (*t)
		return;
	cell->value[cell->values++] = (struct value){ value, begin };
	*t = cell->values;
}

void values_build(struct checker *c)
{
	struct cell_view *cell = &c->cell;
	const uint32_t most = cell->n + 2 * cell->carried_count;
	uint32_t size = 4, i, copy;

	while (size < 2 * most)
		size *= 2;
	CHECKER_ROOM(c, cell->value, cell->value_room, most);
	CHECKER_ROOM(c, cell->table, cell->table_room, size);
	memset(cell->table, 0, size * sizeof(*cell->table));
	cell->table_mask = size - 1;
	cell->values = 0;
	for (i = 0; i < cell->carried_count; i++)
		for (copy = 0; copy < 2; copy++)
			if (cell->carried[i].state.memory[copy])
				value_add(cell, cell->carried[i].state.memory[copy], 0);
	for (i = 0; i < cell->n; i++)
		if (cell->a[i].kind == EVENT_WRITE)
			value_add(cell, cell->a[i].value, cell->a[i].begin);
}

void cell_judge(struct checker *c)
{
	const enum search_answer answer = search_word(c, UINT64_MAX);
	bool legal = answer == SEARCH_LEGAL;
	uint8_t others;

	c->cell.anomaly.why = NULL;
	c->stats.unjudged += answer == SEARCH_TOO_BIG;
	if (answer == SEARCH_IMPOSSIBLE)
		anomaly_prove(c, c->search->failed);
	if (legal && page_contradicted(c, &others)) {
		anomaly_contradict(c, others);
		legal = false;
	}
	cell_carry(c, legal);
}
