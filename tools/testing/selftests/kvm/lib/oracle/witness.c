// SPDX-License-Identifier: GPL-2.0-only
/* The witness of an anomaly: from indices to events, complete and in ticket order. */
#include "oracle/anomaly_parts.h"

/* States of the word at the barrier that are shown. */
#define KNOWN_SAID	3

static bool witness_same(const struct event *a, const struct event *b)
{
	return a->begin == b->begin && a->end == b->end && a->kind == b->kind &&
	       (a->actor != HISTORY_NOBODY || a->value == b->value);
}

/* What is added first matters most: there is room for ANOMALY_WITNESS. */
static void witness_add(struct anomaly *a, enum witness_role role, const struct event *e)
{
	unsigned int i;

	for (i = 0; i < a->count; i++) {
		if (!witness_same(&a->witness[i].event, e))
			continue;
		if (role == WITNESS_READ)
			a->witness[i].role = role;
		return;
	}
	if (a->count < ANOMALY_WITNESS)
		a->witness[a->count++] = (struct witness){ *e, role };
	else
		a->more = true;
}

static struct event event_known(const struct checker *c, enum event_kind kind, uint64_t value)
{
	return (struct event){ c->barrier, c->barrier, value, c->view.page, 1, HISTORY_NOBODY,
			       c->cell.word, kind };
}

void anomaly_access(struct checker *c, struct anomaly *a, enum witness_role role, uint32_t access)
{
	const struct access *x = &c->cell.a[access];
	struct event e = { x->begin, x->end, x->value, c->view.page, 1, x->actor, x->word,
			   x->kind, x->flags };

	witness_add(a, role, &e);
}

void anomaly_op(struct checker *c, struct anomaly *a, enum witness_role role, uint32_t number)
{
	witness_add(a, role, page_op(c, number));
}

void anomaly_known(struct checker *c, struct anomaly *a)
{
	const struct cell_view *cell = &c->cell;
	struct event e = event_known(c, EVENT_KNOWN, 0);
	uint32_t i, copy;

	if (!cell->carried_count && c->page[c->view.page].zero)
		witness_add(a, WITNESS_SOURCE, &e);
	for (i = 0; i < cell->carried_count && i < KNOWN_SAID; i++)
		for (copy = 0; copy < 2; copy++) {
			const struct word_state *m = &cell->carried[i].state;

			if (m->any & 1 << copy || !(c->copies & 1 << copy))
				continue;
			e.value = m->memory[copy];
			witness_add(a, WITNESS_SOURCE, &e);
		}
}

/* Which conversions, or which state at the barrier, decided what the access met? */
static void anomaly_state(struct checker *c, struct anomaly *a, const struct event *e)
{
	struct event state = event_known(c, EVENT_STATE, 0);
	const uint8_t copies = c->page[c->view.page].copies;
	uint32_t i, last = NONE;

	if ((e->kind != EVENT_READ && e->kind != EVENT_WRITE) ||
	    (c->config.split && e->flags & EVENT_COPIES))
		return;
	for (i = 0; i < page_ops(c); i++) {
		const struct event *x = page_op(c, i);

		if (x->kind == EVENT_CONVERT && x->end < e->begin && !(x->flags & EVENT_MAYBE))
			last = i;
	}
	state.value = copies / 2;
	if (last == NONE && copies != BOTH_COPIES)
		witness_add(a, WITNESS_STATE, &state);
	for (i = 0; i < page_ops(c); i++) {
		const struct event *x = page_op(c, i);

		if (x->kind == EVENT_CONVERT && x->begin < e->end &&
		    (last == NONE || x->end > page_op(c, last)->begin))
			anomaly_op(c, a, WITNESS_STATE, i);
	}
}

static void witness_sort(struct anomaly *a)
{
	unsigned int i, j;

	for (i = 1; i < a->count; i++) {
		struct witness w = a->witness[i];

		for (j = i; j && a->witness[j - 1].event.begin > w.event.begin; j--)
			a->witness[j] = a->witness[j - 1];
		a->witness[j] = w;
	}
}

void anomaly_done(struct checker *c, struct anomaly *a)
{
	unsigned int i, n = a->count;

	a->page = c->view.page;
	a->word = c->cell.word;
	if (c->config.split || a->cls == VERDICT_PERMISSION)
		for (i = 0; i < n; i++)
			anomaly_state(c, a, &a->witness[i].event);
	witness_sort(a);
	for (i = 0; i < a->count; i++)
		if (a->witness[i].event.begin > a->ticket)
			a->ticket = a->witness[i].event.begin;
	c->cell.anomaly = *a;
}

bool anomaly_wanted(const struct checker *c, uint64_t ticket)
{
	return c->found < CHECKER_KEPT || ticket < c->kept[CHECKER_KEPT - 1].ticket;
}

void anomaly_keep(struct checker *c)
{
	unsigned int i = c->found++;

	if (i >= CHECKER_KEPT) {
		i = CHECKER_KEPT - 1;
		if (c->kept[i].ticket <= c->cell.anomaly.ticket)
			return;
	}
	for (; i && c->kept[i - 1].ticket > c->cell.anomaly.ticket; i--)
		c->kept[i] = c->kept[i - 1];
	c->kept[i] = c->cell.anomaly;
}
