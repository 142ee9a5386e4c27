// SPDX-License-Identifier: GPL-2.0-only
/* One cell: its accesses become clusters, and those are judged. */
#include "oracle/anomaly_parts.h"
#include "oracle/search_parts.h"

static void cell_sources(struct checker *c)
{
	struct cell_view *cell = &c->cell;
	struct cluster *k;
	uint32_t i;

	for (i = 0; i < cell->carried_count; i++) {
		const struct carried *known = &cell->carried[i];

		if (known->any || !known->value)
			continue;
		k = cluster_add(cell, known->value, c->barrier, c->barrier, NONE);
		k->mask = known->mask;
	}
	if (cell->zero_plain && cell->zero)
		cluster_add(cell, 0, c->barrier, c->barrier, NONE)->mask = cell->zero;
	for (i = 0; i < cell->n; i++) {
		const struct access *a = &cell->a[i];

		if (a->kind != EVENT_WRITE)
			continue;
		k = cluster_add(cell, a->value, a->begin, a->end, i);
		k->mask = a->reach;
		k->definite = !(a->flags & EVENT_MAYBE);
	}
}

/* Where contents were undefined, reads that this explains say nothing more. */
static void cell_wild(struct checker *c)
{
	struct cell_view *cell = &c->cell;
	unsigned int copy;
	uint32_t i;

	for (copy = 0; copy < 2; copy++) {
		cell->write[copy].count = cell->write[copy].definite = 0;
		for (i = 0; i < cell->n; i++)
			if (cell->a[i].kind == EVENT_WRITE && cell->a[i].reach == 1 << copy &&
			    !(cell->a[i].flags & EVENT_MAYBE))
				spans_add(c, &cell->write[copy], cell->a[i].begin,
					  cell->a[i].end, i, true);
		spans_seal(&cell->write[copy]);
	}
	for (i = 0; i < cell->n; i++) {
		struct access *a = &cell->a[i];

		for (copy = 0; copy < 2 && a->kind == EVENT_READ; copy++) {
			const struct span_done *w = spans_before(&cell->write[copy], a->begin);
			const struct span_done *z = spans_before(&c->view.reset[copy], a->begin);
			uint64_t last = w ? w->begin : 0;

			if (z && z->begin > last)
				last = z->begin;
			if (a->reach & 1 << copy &&
			    ((cell->any & 1 << copy && !last) ||
			     spans_alive(&c->view.undefined[copy], a->end, last)))
				a->wild = true;
		}
	}
}

static void cell_begin(struct checker *c)
{
	struct cell_view *cell = &c->cell;
	uint32_t i;

	cell->anomaly.count = 0;
	cell->anomaly.why = NULL;
	cell->reports = 0;
	cell->derived = false;
	cell->zero = cell->carried_count ? 0 : c->page[c->view.page].zero;
	cell->any = cell->carried_count ? 0 : c->page[c->view.page].any;
	for (i = 0; i < cell->carried_count; i++) {
		if (cell->carried[i].any)
			cell->any |= cell->carried[i].mask;
		else if (!cell->carried[i].value)
			cell->zero |= cell->carried[i].mask;
	}
}

static void rules_prepare(struct checker *c)
{
	struct cell_view *cell = &c->cell;

	page_view_build(c);
	clusters_clear(c, cell->n + cell->carried_count + 1);
	cell->soles[0] = cell->soles[1] = 0;
	cell->zero_read[0] = cell->zero_read[1] = 0;
	cell->zero_plain = !c->config.split && !c->view.reset[0].count;
	zones_clear(cell);
}

/*
 * In place the state does not choose a copy, but it says who may touch the page.  Who was
 * refused left nothing behind.
 */
static void cell_permission(struct checker *c, uint32_t access)
{
	struct access *x = &c->cell.a[access];
	uint8_t side = x->flags / EVENT_COPY0 & BOTH_COPIES;
	struct anomaly a;

	if (!side || page_reach(&c->view, x->begin, x->end) & side)
		return;
	if (x->flags & EVENT_MAYBE) {
		x->reach = 0;
		return;
	}
	a = anomaly_new(VERDICT_PERMISSION, "the page was not open to this side");
	anomaly_access(c, &a, WITNESS_READ, access);
	anomaly_done(c, &a);
}

static void cell_reach(struct checker *c)
{
	struct cell_view *cell = &c->cell;
	uint32_t i;

	for (i = 0; i < cell->n; i++) {
		struct access *a = &cell->a[i];

		if (!c->config.split) {
			a->reach = 1;
			if (a->flags & EVENT_COPIES)
				cell_permission(c, i);
			continue;
		}
		a->reach = a->flags / EVENT_COPY0 & BOTH_COPIES;
		if (!a->reach)
			a->reach = page_reach(&c->view, a->begin, a->end);
	}
}

void rules_judge(struct checker *c)
{
	struct cell_view *cell = &c->cell;
	uint32_t i;

	rules_prepare(c);
	cell_reach(c);
	cell_sources(c);
	if (cell->any || c->view.undefined[0].count || c->view.undefined[1].count)
		cell_wild(c);
	for (i = 0; i < cell->n; i++)
		if (cell->a[i].kind == EVENT_READ && !cell->a[i].wild &&
		    (cell->a[i].value || cell->zero_plain))
			read_judge(c, i);
	for (i = 0; i < cell->n; i++)
		if (cell->a[i].kind == EVENT_READ && cell->a[i].flags & EVENT_ATOMIC &&
		    !cell->a[i].wild && (cell->a[i].value || cell->zero_plain))
			exchange_judge(c, i);
	zones_build(c);
	zones_judge(c);
	if (!cell->zero_plain)
		zero_judge(c);
	if (!cell->anomaly.count)
		zones_judge_undecided(c);
}

/* The search decides, the rules explain; they stand in for it where it is too big. */
void cell_judge(struct checker *c)
{
	enum search_answer answer;

	cell_begin(c);
	answer = search_word(c, UINT64_MAX);
	c->cell.searched = answer == SEARCH_LEGAL;
	if (answer != SEARCH_LEGAL)
		rules_judge(c);
	if (answer == SEARCH_IMPOSSIBLE)
		anomaly_prove(c);
	cell_carry(c);
}
