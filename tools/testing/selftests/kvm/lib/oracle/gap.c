// SPDX-License-Identifier: GPL-2.0-only
/*
 * Accesses that may have met either copy, since a conversion failed or two of them raced: between
 * conversions they all met the same one, whichever it was.  So what one of them found or left was
 * there for the next, unless its value was written, or the page reset, meanwhile.
 */
#include "oracle/parts.h"

#define LOOKS	32u	/* accesses before one that are looked at: work stays linear */

static bool same_copy(struct checker *c, const struct access *first, const struct access *last)
{
	return !spans_alive(&c->view.convert[0], last->end, first->begin) &&
	       !spans_alive(&c->view.convert[1], last->end, first->begin);
}

/* The last access whose value was there for sure before @read, in the copy that @read met. */
static uint32_t shown_before(struct checker *c, uint32_t read)
{
	const struct cell_view *cell = &c->cell;
	const struct access *r = &cell->a[read], *p;
	uint32_t i, looks;

	for (i = read, looks = 0; i-- && looks < LOOKS; looks++) {
		p = &cell->a[i];
		if (p->reach != BOTH_COPIES || p->end >= r->begin || p->flags & EVENT_MAYBE ||
		    p->wild)
			continue;
		return same_copy(c, p, r) ? i : NONE;
	}
	return NONE;
}

/* Can a value have come into a copy after @from, and before @to? */
static bool may_come(struct checker *c, uint64_t value, uint64_t from, uint64_t to)
{
	const struct cluster *k;

	if (!value)
		return spans_alive(&c->view.reset[0], to, from) ||
		       spans_alive(&c->view.reset[1], to, from);
	k = cluster_find(&c->cell, value);
	/* What nobody wrote is another rule's affair. */
	if (!k || k->duplicate)
		return true;
	return k->source != NONE && c->cell.a[k->source].end > from;
}

static void report(struct checker *c, uint32_t shown, uint32_t read)
{
	const struct access *r = &c->cell.a[read], *p = &c->cell.a[shown];
	struct anomaly a = anomaly_new(r->value ? VERDICT_LOST_WRITE : VERDICT_LOST_DATA,
		"no conversion lies between: whichever copy it was, it held something else since");
	const struct cluster *k;

	if (anomaly_enough(c))
		return;
	k = r->value ? cluster_find(&c->cell, r->value) : NULL;
	if (k)
		anomaly_source(c, &a, k);
	k = p->kind == EVENT_READ && p->value ? cluster_find(&c->cell, p->value) : NULL;
	if (k)
		anomaly_source(c, &a, k);
	anomaly_access(c, &a, WITNESS_BETWEEN, shown);
	anomaly_access(c, &a, WITNESS_READ, read);
	anomaly_done(c, &a);
}

void gaps_judge(struct checker *c)
{
	const struct cell_view *cell = &c->cell;
	uint32_t i, shown;

	for (i = 0; i < cell->n; i++) {
		const struct access *r = &cell->a[i];

		if (r->kind != EVENT_READ || r->reach != BOTH_COPIES || r->wild)
			continue;
		shown = shown_before(c, i);
		if (shown != NONE && cell->a[shown].value != r->value &&
		    !may_come(c, r->value, cell->a[shown].begin, r->end))
			report(c, shown, i);
	}
}
