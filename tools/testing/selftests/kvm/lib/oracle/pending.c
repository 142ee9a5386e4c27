// SPDX-License-Identifier: GPL-2.0-only
/*
 * Time goes forward from one ticket to the next.  An operation that begins is pending; when one
 * ends, each state in which it has not happened yet gives way to those that come of it if pending
 * ones happen, in any order, until it has.  No state left: no order explains what was read.
 *
 * (J. Wing and C. Gong, "Testing and verifying concurrent objects", J. Parallel Distrib. Comput.
 * 17, 1993; that a state is looked at once is G. Lowe's, "Testing for linearizability", Concurr.
 * Comput. 29, 2017.)
 */
#include "oracle/search_parts.h"

void word_state_add(struct word_states *set, const struct word_state *new)
{
	uint32_t i;

	for (i = set->count; i--;)
		if (word_state_same(&set->state[i], new))
			return;
	if (set->count == SEARCH_STATES)
		set->full = true;
	else
		set->state[set->count++] = *new;
}

static bool access_happen(const struct checker *c, const struct point *p, struct word_state *m)
{
	unsigned int copy = c->config.split ? m->copy : 0;

	if (!p->side)
		;
	else if (!c->config.split && !(p->side & 1 << m->copy))
		return false;
	else if (c->config.split && p->side != BOTH_COPIES)
		copy = p->side - 1;
	else if (c->config.split && p->finds)
		copy = m->memory[1] == p->found;
	if (p->finds && m->memory[copy] != p->found && !(m->any & 1 << copy))
		return false;
	if (p->kind == EVENT_WRITE) {
		m->memory[copy] = p->left;
		m->any &= ~(1 << copy);
	}
	return true;
}

/* Let it happen; false if it cannot, here. */
static bool point_happen(const struct checker *c, const struct point *p, struct word_state *m)
{
	switch (p->kind) {
	case EVENT_CONVERT:
		m->copy = p->copy;
		return true;
	case EVENT_RESET:
	case EVENT_UNDEFINED:
		m->memory[p->copy] = 0;
		m->any &= ~(1 << p->copy);
		if (p->kind == EVENT_UNDEFINED)
			m->any |= 1 << p->copy;
		return true;
	default:
		return access_happen(c, p, m);
	}
}

/* A read that fits now can only stand in the way later. */
static void reads_happen(const struct checker *c, const struct search *s, struct word_state *m)
{
	uint32_t left = s->busy & ~m->done;

	for (; left; left &= left - 1) {
		const struct point *p = &s->pending[__builtin_ctz(left)];

		if (p->kind == EVENT_READ && access_happen(c, p, m))
			m->done |= left & -left;
	}
}

/* To one of the states in which the pending one of this bit is over, or to those to go on from. */
static void state_put(struct search *s, struct word_state *m, uint32_t bit)
{
	if (m->done & bit) {
		m->done &= ~bit;
		word_state_add(&s->next, m);
	} else {
		word_state_add(&s->visited, m);
	}
}

/* From one state, all in which the pending one of this bit is over. */
static void state_expand(const struct checker *c, struct search *s, uint32_t bit,
			 struct word_state from)
{
	uint32_t i = s->visited.count, left;

	if (!(from.done & bit) && s->pending[s->first].maybe)
		word_state_add(&s->next, &from);
	for (state_put(s, &from, bit); i < s->visited.count; i++) {
		const struct word_state m = s->visited.state[i];

		for (left = s->busy & ~m.done; left; left &= left - 1) {
			struct word_state new = m;

			if (!point_happen(c, &s->pending[__builtin_ctz(left)], &new))
				continue;
			new.done |= left & -left;
			reads_happen(c, s, &new);
			state_put(s, &new, bit);
		}
	}
}

static void first_find(struct search *s)
{
	uint32_t left = s->busy;

	for (s->first = NONE; left; left &= left - 1) {
		const uint32_t slot = __builtin_ctz(left);

		if (s->first == NONE || s->pending[slot].end < s->pending[s->first].end)
			s->first = slot;
	}
}

void search_take_next(struct search *s)
{
	uint32_t i;

	s->now.count = s->next.count;
	for (i = 0; i < s->next.count; i++)
		s->now.state[i] = s->next.state[i];
}

/* The pending one that ends first is over. */
enum search_answer pending_end(const struct checker *c, struct search *s)
{
	const uint32_t bit = 1u << s->first;
	uint32_t i, done = bit;

	s->failed = s->pending[s->first].end;
	for (i = 0; i < s->now.count; i++)
		done &= s->now.state[i].done;
	for (i = 0; i < s->now.count && done; i++)
		s->now.state[i].done &= ~bit;
	if (!done) {
		s->next.count = s->visited.count = 0;
		for (i = 0; i < s->now.count; i++)
			state_expand(c, s, bit, s->now.state[i]);
		search_take_next(s);
		s->work -= s->work < s->visited.count ? s->work : s->visited.count;
	}
	s->busy &= ~bit;
	first_find(s);
	if (s->next.full || s->visited.full || !s->work)
		return SEARCH_TOO_BIG;
	return s->now.count ? SEARCH_LEGAL : SEARCH_IMPOSSIBLE;
}

/* Nothing else is under way, from its begin to its end. */
static enum search_answer point_alone(const struct checker *c, struct search *s,
				      const struct point *p)
{
	uint32_t i;

	s->failed = p->end;
	s->next.count = 0;
	for (i = 0; i < s->now.count; i++) {
		struct word_state m = s->now.state[i];

		if (p->maybe)
			word_state_add(&s->next, &m);
		if (point_happen(c, p, &m))
			word_state_add(&s->next, &m);
	}
	search_take_next(s);
	if (s->next.full)
		return SEARCH_TOO_BIG;
	return s->now.count ? SEARCH_LEGAL : SEARCH_IMPOSSIBLE;
}

enum search_answer pending_begin(const struct checker *c, struct search *s,
				      const struct point *p)
{
	uint32_t slot, i;

	if (s->busy == UINT32_MAX)
		return SEARCH_TOO_BIG;
	slot = __builtin_ctz(~s->busy);
	s->pending[slot] = *p;
	s->busy |= 1u << slot;
	if (s->first == NONE || p->end < s->pending[s->first].end)
		s->first = slot;
	for (i = 0; i < s->now.count && p->kind == EVENT_READ; i++)
		if (access_happen(c, p, &s->now.state[i]))
			s->now.state[i].done |= 1u << slot;
	return SEARCH_LEGAL;
}

enum search_answer pending_take(const struct checker *c, struct search *s,
				     const struct point *p, uint64_t next)
{
	return s->busy || p->end > next ? pending_begin(c, s, p) : point_alone(c, s, p);
}
