// SPDX-License-Identifier: GPL-2.0-only
/* What a cell may hold when all operations are over; all that is kept of them. */
#include <string.h>
#include "oracle/parts.h"

/* More possible values than this for a cell are remembered as "anything". */
#define CARRIED_MAX	64

static void carry(struct checker *c, uint64_t value, uint8_t mask, bool any)
{
	CHECKER_ROOM(c, c->next, c->next_room, c->next_count + 1);
	c->next[c->next_count++] = (struct carried){ value, c->cell.word, mask, any };
}

void carry_value(struct checker *c, uint64_t value, uint8_t mask)
{
	carry(c, value, mask, false);
}

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static const struct zone *zone_last(struct zones *z, const struct zone *self)
{
	return zone_before(z, UINT64_MAX, self);
}

/* Copies in which the value of a zone may have been the last: nothing has to come after it. */
static uint8_t zone_lasts(struct checker *c, const struct zone *z)
{
	struct cell_view *cell = &c->cell;
	uint8_t mask = 0;
	unsigned int copy;

	for (copy = 0; copy < 2; copy++) {
		const struct zone *u;
		uint64_t s;

		if (!(z->mask & 1 << copy))
			continue;
		u = zone_last(&cell->zone[copy], z);
		s = later(u ? u->s : 0, later(spans_last_begin(&c->view.reset[copy]),
					      cell->zero_read[copy]));
		if (z->f > s || !s)
			mask |= 1 << copy;
	}
	return mask;
}

static bool zero_lasts(struct checker *c, unsigned int copy, uint64_t s)
{
	return (c->cell.zero & 1 << copy && s <= c->barrier) ||
	       spans_alive(&c->view.reset[copy], UINT64_MAX, s);
}

static bool any_lasts(struct checker *c, unsigned int copy, uint64_t s)
{
	s = later(s, spans_last_begin(&c->view.reset[copy]));
	return (c->cell.any & 1 << copy && s <= c->barrier) ||
	       spans_alive(&c->view.undefined[copy], UINT64_MAX, s);
}

/* The same by zones, where the search was too big. */
static struct leaves zones_leave(struct checker *c)
{
	struct cell_view *cell = &c->cell;
	struct leaves leaves = { 0 };
	unsigned int copy;
	uint32_t i, list;

	for (list = 0; list < 3; list++) {
		for (i = 0; i < cell->zone[list].count; i++) {
			const struct zone *z = &cell->zone[list].z[i];
			uint8_t mask = zone_lasts(c, z);
			uint64_t value = cell->cluster[z->tail].value;

			leaves.held |= mask;
			if (!value)
				leaves.zero |= mask;
			else if (mask)
				carry_value(c, value, mask);
		}
	}
	for (copy = 0; copy < 2; copy++) {
		const struct zone *u = zone_last(&cell->zone[copy], NULL);

		if (!(c->copies & 1 << copy))
			continue;
		if (!cell->zero_plain && zero_lasts(c, copy, u ? u->s : 0))
			leaves.zero |= 1 << copy;
		if (any_lasts(c, copy, u ? u->s : 0))
			leaves.any |= 1 << copy;
	}
	leaves.held |= leaves.zero | leaves.any;
	return leaves;
}

void cell_carry(struct checker *c)
{
	const struct cell_view *cell = &c->cell;
	const uint32_t first = c->next_count;
	struct leaves leaves = cell->searched ? search_leaves(c) : zones_leave(c);
	uint8_t zero = leaves.zero, any = leaves.any;

	/* After an anomaly anything may be there, and the rest of it is not news. */
	if (cell->anomaly.why || leaves.held != c->copies || c->next_count - first > CARRIED_MAX) {
		c->next_count = first;
		zero = 0;
		any = c->copies;
	}
	if (cell->word == TOKEN_WORDS) {
		c->next_zero = zero;
		c->next_any = any;
		return;
	}
	/* Like the words that nobody touched: nothing to remember. */
	if (c->next_count == first && zero == c->next_zero && any == c->next_any)
		return;
	if (any)
		carry(c, 0, any, true);
	if (zero)
		carry(c, 0, zero, false);
}

void page_carry(struct checker *c, struct page_state *p)
{
	CHECKER_ROOM(c, c->next, c->next_room, c->next_count + p->count);
	if (p->count)
		memcpy(c->next + c->next_count, c->carried + p->first,
		       p->count * sizeof(*c->next));
	p->first = c->next_count;
	c->next_count += p->count;
	CHECKER_ROOM(c, c->next_state, c->next_state_room, c->next_states + p->states);
	if (p->states)
		memcpy(c->next_state + c->next_states, c->carried_state + p->state_first,
		       p->states * sizeof(*c->next_state));
	p->state_first = c->next_states;
	c->next_states += p->states;
}

void page_keep(struct checker *c, struct page_state *p, uint32_t first, uint32_t state_first)
{
	c->stats.carried += (uint64_t)c->next_count - first - p->count;
	p->first = first;
	p->count = c->next_count - first;
	p->state_first = state_first;
	p->states = c->next_states - state_first;
	p->copies = page_copies_after(c);
	p->zero = c->next_zero;
	p->any = c->next_any;
}

void carried_swap(struct checker *c)
{
	struct carried_state *old_state = c->carried_state;
	const uint32_t room = c->carried_room, state_room = c->carried_state_room;
	struct carried *old = c->carried;

	c->carried = c->next;
	c->carried_room = c->next_room;
	c->next = old;
	c->next_room = room;
	c->next_count = 0;
	c->carried_state = c->next_state;
	c->carried_state_room = c->next_state_room;
	c->next_state = old_state;
	c->next_state_room = state_room;
	c->next_states = 0;
}
