// SPDX-License-Identifier: GPL-2.0-only
/* The witness of an anomaly: from indices to events, complete and in ticket order. */
#include "oracle/anomaly_parts.h"

#define REPORTS_MAX	64

bool anomaly_enough(struct checker *c)
{
	return c->cell.reports++ >= REPORTS_MAX;
}

struct anomaly anomaly_new(enum verdict_class cls, const char *why)
{
	return (struct anomaly){ .cls = cls, .why = why };
}

static bool witness_same(const struct event *a, const struct event *b)
{
	return a->begin == b->begin && a->end == b->end && a->kind == b->kind &&
	       (a->actor != HISTORY_NOBODY || a->value == b->value);
}

/* What is added first matters most: there is no room for the seventh. */
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

void anomaly_op(struct checker *c, struct anomaly *a, enum witness_role role, uint32_t op)
{
	if (op != NONE)
		witness_add(a, role, &c->op[op]);
}

void anomaly_cluster(struct checker *c, struct anomaly *a, const struct cluster *k,
		     uint32_t access)
{
	struct event e = event_known(c, EVENT_KNOWN, k->value);

	if (access == NONE)
		witness_add(a, WITNESS_SOURCE, &e);
	else
		anomaly_access(c, a, c->cell.a[access].kind == EVENT_READ ? WITNESS_PROOF :
			       WITNESS_SOURCE, access);
}

void anomaly_source(struct checker *c, struct anomaly *a, const struct cluster *k)
{
	anomaly_cluster(c, a, k, k->source);
}

/* The write of a value says more than a read of it, if it surely happened, and here. */
static bool source_proves(const struct checker *c, const struct cluster *k)
{
	const struct access *x = c->cell.a + (k->source == NONE ? 0 : k->source);

	return k->source != NONE && !(x->flags & EVENT_MAYBE) && x->reach != BOTH_COPIES;
}

/* Of the chain of a zone, the last cluster that surely was there before @s. */
static const struct cluster *last_before(const struct checker *c, const struct zone *z, uint64_t s)
{
	const struct cluster *k = c->cell.cluster, *at = &k[z->head], *found = &k[z->f_in];

	for (;; at = &k[at->next]) {
		if (at->f < s)
			found = at;
		if (at == &k[z->tail])
			return found;
	}
}

/* From @from on, the next cluster of the chain that still was there after @f. */
static const struct cluster *next_after(const struct checker *c, const struct zone *z,
					const struct cluster *from, uint64_t f)
{
	const struct cluster *k = c->cell.cluster, *at = from;

	while (at->s < f && at != &k[z->tail])
		at = &k[at->next];
	return at->s > f ? at : &k[z->s_in];
}

/*
 *	f ---------------------------- s	what the zone conflicts with
 *	      |- first -|	|- last -|	the part of the zone's chain that shows it
 *		       f_op	s_op		the write itself if it will do, else a read
 */
struct proof zone_proof(const struct checker *c, const struct zone *z, uint64_t f, uint64_t s)
{
	const struct access *x = c->cell.a;
	struct proof p = { .first = last_before(c, z, s) };

	p.last = next_after(c, z, p.first, f);
	p.f_op = p.first->f_op;
	if (source_proves(c, p.first) && x[p.first->source].end < s)
		p.f_op = p.first->source;
	p.s_op = p.last->s_op;
	if (source_proves(c, p.last) && x[p.last->source].begin > f)
		p.s_op = p.last->source;
	p.f = p.f_op == NONE ? c->barrier : x[p.f_op].end;
	p.s = p.s_op == NONE ? c->barrier : x[p.s_op].begin;
	return p;
}

void anomaly_proof(struct checker *c, struct anomaly *a, const struct proof *p)
{
	const struct cluster *k = p->first;

	anomaly_cluster(c, a, p->last, p->s_op);
	anomaly_cluster(c, a, p->first, p->f_op);
	if (!source_proves(c, p->last) && p->last->proof != NONE)
		anomaly_access(c, a, WITNESS_PROOF, p->last->mask_op == p->last->source ?
			       p->last->proof : p->last->mask_op);
	/* The exchanges that lead from one to the other. */
	for (; k != p->last && k->taker != NONE; k = &c->cell.cluster[k->next])
		anomaly_access(c, a, WITNESS_PROOF, k->taker);
}

void anomaly_known(struct checker *c, struct anomaly *a, uint8_t mask)
{
	const struct cell_view *cell = &c->cell;
	struct event e = event_known(c, EVENT_KNOWN, 0);
	uint32_t i, n = 0;

	if (cell->zero & mask)
		witness_add(a, WITNESS_SOURCE, &e);
	for (i = 0; i < cell->carried_count && n < 3; i++) {
		if (cell->carried[i].any || !cell->carried[i].value ||
		    !(cell->carried[i].mask & mask))
			continue;
		e.value = cell->carried[i].value;
		witness_add(a, WITNESS_SOURCE, &e);
		n++;
	}
}

/* Which conversion, or which state at the barrier, decided what the access met? */
static void anomaly_state(struct checker *c, struct anomaly *a, const struct event *e)
{
	uint8_t mask = page_reach(&c->view, e->begin, e->end);
	const struct span_done *to;
	struct event state;

	if ((e->kind != EVENT_READ && e->kind != EVENT_WRITE) || mask == BOTH_COPIES ||
	    (c->config.split && e->flags & EVENT_COPIES))
		return;
	to = spans_before(&c->view.convert[mask - 1], e->begin);
	state = event_known(c, EVENT_STATE, mask - 1);
	witness_add(a, WITNESS_STATE, to ? &c->op[to->op] : &state);
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

/* The read that cannot be explained is the last one, unless something else was said. */
static void witness_read(struct anomaly *a)
{
	struct witness *last = NULL, *said = NULL;
	unsigned int i;

	for (i = 0; i < a->count; i++) {
		if (a->witness[i].role == WITNESS_READ)
			said = &a->witness[i];
		if (a->witness[i].event.kind == EVENT_READ)
			last = &a->witness[i];
	}
	if (!last || (said && said->event.kind == EVENT_READ))
		return;
	if (said)
		said->role = WITNESS_BETWEEN;
	last->role = WITNESS_READ;
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
	witness_read(a);
	for (i = 0; i < a->count; i++)
		if (a->witness[i].event.begin > a->ticket)
			a->ticket = a->witness[i].event.begin;
	if (c->cell.anomaly.count && c->cell.anomaly_derived == c->cell.derived ?
	    a->ticket >= c->cell.anomaly.ticket : c->cell.anomaly.count && c->cell.derived)
		return;
	c->cell.anomaly = *a;
	c->cell.anomaly_derived = c->cell.derived;
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
