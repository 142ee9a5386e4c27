// SPDX-License-Identifier: GPL-2.0-only
#include "history_past.h"

void past_add(struct past *p, const struct sim *s)
{
	unsigned int a, i;

	for (a = 0; a < s->shape.actors; a++)
		for (i = 0; i < s->log[a]->count && p->count < PAST_MAX; i++)
			p->event[p->count++] = s->log[a]->events[i];
}

static bool on_page(const struct event *e, uint32_t page)
{
	return e->page <= page && page < e->page + e->pages;
}

static bool between(const struct event *x, uint64_t after, uint64_t before)
{
	return !(x->flags & EVENT_MAYBE) && x->begin > after && x->end < before;
}

static bool converted(const struct past *p, uint32_t page, uint8_t to, uint64_t after,
		      uint64_t before)
{
	unsigned int i;

	for (i = 0; i < p->count; i++)
		if (p->event[i].kind == EVENT_CONVERT && p->event[i].value == to &&
		    on_page(&p->event[i], page) && between(&p->event[i], after, before))
			return true;
	return false;
}

/* Copies that an access may have met. */
static uint8_t reach(const struct past *p, const struct event *e)
{
	uint8_t copies = 0, to;
	unsigned int i;

	if (!p->sim->shape.split)
		return 1;
	if (e->flags & EVENT_COPIES)
		return e->flags / EVENT_COPY0 & 3;
	for (to = 0; to < 2; to++) {
		if (p->sim->first_state[e->page] == to && !converted(p, e->page, !to, 0, e->begin))
			copies |= 1 << to;
		for (i = 0; i < p->count; i++)
			if (p->event[i].kind == EVENT_CONVERT && p->event[i].value == to &&
			    on_page(&p->event[i], e->page) && p->event[i].begin < e->end &&
			    !converted(p, e->page, !to, p->event[i].end, e->begin))
				copies |= 1 << to;
	}
	return copies;
}

static uint8_t page_copies(const struct past *p, const struct event *e)
{
	uint8_t copies = e->flags / EVENT_COPY0 & 3;

	if (!p->sim->shape.split)
		return 1;
	return copies ? copies : 3;
}

/* Copies in which an event may put @value into the word that @r read. */
static uint8_t source_copies(const struct past *p, const struct event *x, const struct event *r,
			     uint64_t value)
{
	const struct sim_shape *shape = &p->sim->shape;

	if (!on_page(x, r->page))
		return 0;
	switch (x->kind) {
	case EVENT_WRITE:
		return x->value == value && x->word == r->word ? reach(p, x) : 0;
	case EVENT_RESET:
		return value ? 0 : page_copies(p, x);
	case EVENT_UNDEFINED:
		return page_copies(p, x);
	case EVENT_CONVERT:
		if (!shape->undefined[x->value])
			return 0;
		return shape->split ? 1 << x->value : 1;
	}
	return 0;
}

/* Did something definite put another value into this copy, wholly within these tickets? */
static bool replaced(const struct past *p, const struct event *r, unsigned int copy,
		     uint64_t value, uint64_t after)
{
	unsigned int i;

	for (i = 0; i < p->count; i++) {
		const struct event *x = &p->event[i];

		if (!on_page(x, r->page) || !between(x, after, r->begin))
			continue;
		if (x->kind == EVENT_WRITE && x->word == r->word && x->value != value &&
		    reach(p, x) == 1 << copy)
			return true;
		if (x->kind == EVENT_RESET && value && page_copies(p, x) & 1 << copy)
			return true;
	}
	return false;
}

bool past_explains(const struct past *p, const struct event *r, uint64_t value)
{
	uint8_t copies = reach(p, r);
	unsigned int copy, i;

	for (copy = 0; copy < 2; copy++) {
		if (!(copies & 1 << copy))
			continue;
		if (!value && !replaced(p, r, copy, 0, 0))
			return true;
		for (i = 0; i < p->count; i++) {
			const struct event *x = &p->event[i];

			if (source_copies(p, x, r, value) & 1 << copy && x->begin < r->end &&
			    !replaced(p, r, copy, value, x->end))
				return true;
		}
	}
	return false;
}
