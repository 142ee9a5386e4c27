// SPDX-License-Identifier: GPL-2.0-only
/* What a word may hold at the barrier: where the search begins, and what it leaves. */
#include "oracle/search_parts.h"

#define STATES_MAX	16u	/* of a word that are carried; more are left to the sets by copy */

/* What one copy may hold at the barrier, number @n; false: there are no more. */
static bool value_known(const struct checker *c, unsigned int copy, uint32_t n,
			struct word_state *m)
{
	const struct cell_view *cell = &c->cell;
	uint32_t i;

	m->memory[copy] = 0;
	m->any &= ~(1 << copy);
	if (cell->any & 1 << copy) {
		m->any |= 1 << copy;
		return !n;
	}
	if (cell->zero & 1 << copy && !n--)
		return true;
	for (i = 0; i < cell->carried_count; i++) {
		const struct carried *k = &cell->carried[i];

		if (k->any || !k->value || !(k->mask & 1 << copy) || n--)
			continue;
		m->memory[copy] = k->value;
		return true;
	}
	return false;
}

static void known_add(struct checker *c, struct word_state *m)
{
	const uint8_t copies = c->page[c->view.page].copies;

	for (m->copy = 0; m->copy < 2; m->copy++)
		if (copies & 1 << m->copy)
			word_state_add(&c->search->now, m);
}

static void states_add(struct checker *c)
{
	const uint8_t copies = c->page[c->view.page].copies;
	uint32_t i;

	for (i = 0; i < c->cell.states; i++)
		if (copies & 1 << c->cell.state[i].state.copy)
			word_state_add(&c->search->now, &c->cell.state[i].state);
}

void search_begin(struct checker *c)
{
	struct word_state m = { .done = 0 };
	struct search *s = c->search;
	uint32_t i, j;

	s->busy = 0;
	s->first = NONE;
	s->converted = 0;
	s->now.count = 0;
	s->now.full = s->next.full = s->visited.full = false;
	states_add(c);
	if (s->now.count)
		return;
	for (i = 0; value_known(c, 0, i, &m); i++) {
		if (!c->config.split)
			known_add(c, &m);
		for (j = 0; c->config.split && value_known(c, 1, j, &m); j++)
			known_add(c, &m);
	}
}

/* How many there are of what all states, taken apart, could be put together to? */
static uint64_t combinations(const struct word_states *now)
{
	uint64_t first[2] = { 0 }, copies = 0;
	uint32_t i, j, copy;

	for (i = 0; i < now->count; i++) {
		const struct word_state *m = &now->state[i], *n;

		copies |= 1u << m->copy;
		for (copy = 0; copy < 2; copy++) {
			for (j = 0, n = now->state; j < i; j++, n++)
				if (n->memory[copy] == m->memory[copy] &&
				    (n->any & 1 << copy) == (m->any & 1 << copy))
					break;
			first[copy] += j == i;
		}
	}
	return first[0] * first[1] * __builtin_popcountll(copies);
}

/* What goes with what, where that is not everything with everything. */
static void states_carry(struct checker *c)
{
	const struct word_states *now = &c->search->now;
	uint32_t i;

	if (now->count == 1 || now->count > STATES_MAX || now->count == combinations(now))
		return;
	CHECKER_ROOM(c, c->next_state, c->next_state_room, c->next_states + now->count);
	for (i = 0; i < now->count; i++)
		c->next_state[c->next_states++] = (struct carried_state){ now->state[i],
									  c->cell.word };
}

/* Copies in which one of the states up to this one has this value. */
static uint8_t state_mask(const struct word_states *now, uint32_t count, uint64_t value)
{
	uint8_t mask = 0;
	uint32_t i, copy;

	for (i = 0; i < count; i++)
		for (copy = 0; copy < 2; copy++)
			if (now->state[i].memory[copy] == value &&
			    !(now->state[i].any & 1 << copy))
				mask |= 1 << copy;
	return mask;
}

struct leaves search_leaves(struct checker *c)
{
	const struct word_states *now = &c->search->now;
	struct leaves leaves = { .held = c->copies };
	uint32_t i, copy, copies = 0;

	for (i = 0; i < now->count; i++) {
		const struct word_state *m = &now->state[i];

		leaves.any |= m->any;
		copies |= 1 << m->copy;
		for (copy = 0; copy < 2; copy++) {
			const uint64_t value = m->memory[copy];

			if (!value && c->copies & 1 << copy && !(m->any & 1 << copy))
				leaves.zero |= 1 << copy;
			if (value && !state_mask(now, i, value) && !(copy && value == m->memory[0]))
				carry_value(c, value, state_mask(now, now->count, value));
		}
	}
	c->view.left &= copies;
	c->view.searched = true;
	states_carry(c);
	return leaves;
}
