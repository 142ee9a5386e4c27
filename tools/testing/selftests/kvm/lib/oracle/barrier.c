// SPDX-License-Identifier: GPL-2.0-only
/* What a word may be like at a barrier: where the search begins, and what it leaves. */
#include <string.h>
#include "oracle/search_parts.h"

/* More states of a word than this are remembered as "anything". */
#define CARRIED_MAX	64u

/* All that a word may be like if each copy is zero or anything for itself. */
static void states_fill(struct word_states *set, uint8_t zero, uint8_t any, uint8_t copies,
			uint8_t split)
{
	struct word_state m = { .done = 0 };

	for (m.any = 0; m.any <= BOTH_COPIES; m.any++) {
		if (m.any & ~any || ~m.any & ~zero & (split ? BOTH_COPIES : 1))
			continue;
		for (m.copy = 0; m.copy < 2; m.copy++)
			if (copies & 1 << m.copy)
				word_state_add(set, &m);
	}
}

void search_begin(struct checker *c)
{
	const struct page_state *p = &c->page[c->view.page];
	struct search *s = c->search;
	uint32_t i;

	s->busy = 0;
	s->first = NONE;
	s->converted = 0;
	s->now.count = 0;
	s->now.full = s->next.full = s->visited.full = false;
	for (i = 0; i < c->cell.carried_count; i++)
		if (p->copies & 1 << c->cell.carried[i].state.copy)
			word_state_add(&s->now, &c->cell.carried[i].state);
	if (!s->now.count)
		states_fill(&s->now, p->zero, p->any, p->copies, c->config.split);
}

/* Of all states together, what the untouched words of the page may be like. */
static void untouched_carry(struct checker *c)
{
	const struct word_states *now = &c->search->now;
	uint32_t i;

	c->view.zero = c->view.any = 0;
	for (i = 0; i < now->count; i++) {
		c->view.zero |= c->copies & ~now->state[i].any;
		c->view.any |= now->state[i].any;
	}
}

/* Are these states all that untouched words have, and no others? */
static bool is_untouched(struct checker *c, uint8_t copies)
{
	struct word_states *all = &c->search->visited, *now = &c->search->now;
	const uint32_t count = now->count;
	uint32_t i;

	all->count = 0;
	states_fill(all, c->view.zero, c->view.any, copies, c->config.split);
	if (all->count != count)
		return false;
	for (i = 0; i < count; i++)
		word_state_add(all, &now->state[i]);
	return all->count == count;
}

static uint8_t states_copies(const struct word_states *set)
{
	uint8_t copies = 0;
	uint32_t i;

	for (i = 0; i < set->count; i++)
		copies |= 1 << set->state[i].copy;
	return copies;
}

static void word_denies(struct checker *c, uint8_t copies)
{
	const struct cell_view *cell = &c->cell;
	unsigned int copy;

	for (copy = 0; copy < 2; copy++)
		if (!(copies & 1 << copy) && !c->view.denies[copy].set)
			c->view.denies[copy] = (struct word_place){
				cell->a, cell->carried, cell->n, cell->carried_count,
				cell->word, true };
}

bool page_contradicted(struct checker *c, uint8_t *others)
{
	const uint8_t copies = states_copies(&c->search->now);

	*others = c->view.left;
	word_denies(c, copies);
	return !(c->view.left & copies);
}

void cell_carry(struct checker *c, bool searched)
{
	struct word_states *now = &c->search->now;
	uint32_t i;

	/* After an anomaly anything may be there, and the rest of it is not news. */
	if (!searched || now->count > CARRIED_MAX) {
		now->count = 0;
		states_fill(now, 0, c->copies, BOTH_COPIES, c->config.split);
	} else {
		c->view.left &= states_copies(now);
	}
	if (c->cell.word == TOKEN_WORDS) {
		untouched_carry(c);
		return;
	}
	if (is_untouched(c, states_copies(now)))
		return;
	CHECKER_ROOM(c, c->next, c->next_room, c->next_count + now->count);
	for (i = 0; i < now->count; i++)
		c->next[c->next_count++] = (struct carried){ now->state[i], c->cell.word };
}

void page_carry(struct checker *c, struct page_state *p)
{
	CHECKER_ROOM(c, c->next, c->next_room, c->next_count + p->count);
	if (p->count)
		memcpy(c->next + c->next_count, c->carried + p->first,
		       p->count * sizeof(*c->next));
	p->first = c->next_count;
	c->next_count += p->count;
}

void page_keep(struct checker *c, struct page_state *p, uint32_t first)
{
	p->first = first;
	p->count = c->next_count - first;
	p->zero = c->view.zero;
	p->any = c->view.any;
	if (page_ops(c))
		p->copies = BOTH_COPIES;
	/* What the words say of it one by one they may not say together. */
	if (p->copies & c->view.left)
		p->copies &= c->view.left;
}

void carried_swap(struct checker *c)
{
	struct carried *old = c->carried;
	const uint32_t room = c->carried_room;

	c->carried = c->next;
	c->carried_room = c->next_room;
	c->next = old;
	c->next_room = room;
	c->next_count = 0;
}
