// SPDX-License-Identifier: GPL-2.0-only
/* From the accesses to one cell to clusters: each value's write and its reads. */
#include <string.h>
#include "checker_parts.h"

static uint32_t *table_slot(const struct cell_view *cell, uint64_t value)
{
	uint32_t i = (value ^ value >> 28) * 0x9e3779b97f4a7c15ull >> 32;

	for (;; i++) {
		uint32_t *t = &cell->table[i & cell->table_mask];

		if (!*t || cell->cluster[*t - 1].value == value)
			return t;
	}
}

static struct cluster *cluster_find(const struct cell_view *cell, uint64_t value)
{
	uint32_t *t = table_slot(cell, value);

	return *t ? &cell->cluster[*t - 1] : NULL;
}

/* A source of a value; the second one of a value makes both duplicates. */
static struct cluster *cluster_add(struct cell_view *cell, uint64_t value, uint64_t begin,
				   uint64_t end, uint32_t source)
{
	uint32_t n = cell->clusters++, *t = table_slot(cell, value);
	struct cluster *k = &cell->cluster[n];

	*k = (struct cluster){ value, end, begin, source, source, source, NONE, NONE, source,
			       NONE, BOTH_COPIES };
	if (*t) {
		cell->cluster[*t - 1].duplicate = true;
		k->duplicate = true;
		k->next = *t - 1;
	}
	*t = n + 1;
	return k;
}

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
		c->stats.undefined += a->wild;
	}
}

/* What should have been there: the last thing that happened to the slot before the read. */
static bool anomaly_context(struct checker *c, struct anomaly *a, const struct access *r)
{
	const struct cell_view *cell = &c->cell;
	unsigned int copy = r->reach & 1 ? 0 : 1;
	const struct span_done *z = spans_before(&c->view.reset[copy], r->begin);
	uint32_t i, last = NONE;

	for (i = 0; i < cell->n; i++)
		if (cell->a[i].kind == EVENT_WRITE && cell->a[i].end < r->begin &&
		    cell->a[i].reach == 1 << copy && !(cell->a[i].flags & EVENT_MAYBE))
			last = i;
	if (last != NONE && (!z || cell->a[last].begin > z->begin)) {
		anomaly_access(c, a, WITNESS_BETWEEN, last);
		return false;
	}
	if (z)
		anomaly_op(c, a, WITNESS_BETWEEN, z->op);
	else
		anomaly_known(c, a, 1 << copy);
	return z || (cell->zero & 1 << copy);
}

static void unknown_value(struct checker *c, uint32_t read)
{
	const struct access *r = &c->cell.a[read];
	const uint32_t page = c->view.page & TOKEN_PAGE_MASK;
	struct anomaly a = anomaly_new(VERDICT_NOT_SCRUBBED,
				       "no actor wrote this value, and memory starts as zero");
	bool zero_due = anomaly_context(c, &a, r);

	if (!r->value) {
		a.cls = VERDICT_LOST_DATA;
		a.why = "nothing made the slot zero since it held data";
	} else if (!token_valid(r->value)) {
		a.why = "this is no token: only tokens were written here, and memory starts as zero";
	} else if (token_vm(r->value) != (c->config.vm & 0xf)) {
		a.cls = VERDICT_LEAK;
		a.why = "the token belongs to another VM";
	} else if (token_page(r->value) != page || token_slot(r->value) != r->slot) {
		a.cls = VERDICT_WRONG_PAGE;
		a.why = "the token belongs to another place";
	} else if (token_seq(r->value) < c->sequence[token_actor(r->value)]) {
		a.cls = zero_due ? VERDICT_STALE_MAPPING : VERDICT_LOST_WRITE;
		a.why = zero_due ?
			"the token is from before the barrier; the slot had become zero since" :
			"the token is from before the barrier and had been overwritten";
	}
	anomaly_access(c, &a, WITNESS_READ, read);
	anomaly_done(c, &a);
}

static void read_too_early(struct checker *c, const struct cluster *k, uint32_t read)
{
	struct anomaly a = anomaly_new(VERDICT_NOT_SCRUBBED,
				       "the read was over before the write of this value began");

	anomaly_source(c, &a, k);
	anomaly_access(c, &a, WITNESS_READ, read);
	anomaly_done(c, &a);
}

static void other_copy(struct checker *c, const struct cluster *k, uint32_t read)
{
	struct anomaly a = anomaly_new(VERDICT_STALE_MAPPING,
		"the value is in the other copy of the page: no conversion brings it here");

	if (!k->mask) {
		a.cls = VERDICT_PERMISSION;
		a.why = "the page was not open to this side: the write was refused, yet it happened";
	}
	anomaly_source(c, &a, k);
	if (k->mask_op != k->source && k->mask_op != NONE)
		anomaly_access(c, &a, WITNESS_PROOF, k->mask_op);
	anomaly_access(c, &a, WITNESS_READ, read);
	anomaly_done(c, &a);
}

/* Begin of the last definite thing that put another value into the cell before the read. */
static uint64_t cell_overwritten(struct checker *c, const struct access *r, unsigned int copy)
{
	const struct span_done *z = spans_before(&c->view.reset[copy], r->begin);
	const struct cell_view *cell = &c->cell;
	uint64_t last = z ? z->begin : 0;
	uint32_t i;

	for (i = 0; i < cell->n && cell->a[i].begin < r->begin; i++) {
		const struct access *w = &cell->a[i];

		if (w->kind == EVENT_WRITE && w->value != r->value && w->end < r->begin &&
		    w->reach == 1 << copy && !(w->flags & EVENT_MAYBE) && w->begin > last)
			last = w->begin;
	}
	return last;
}

/* A value with several sources (rare, so slow will do): any that is within reach explains it. */
static void read_duplicate(struct checker *c, const struct cluster *k, uint32_t read)
{
	const struct cell_view *cell = &c->cell;
	const struct access *r = &cell->a[read];
	const struct cluster *at;
	unsigned int copy;

	for (copy = 0; copy < 2; copy++) {
		uint64_t last = cell_overwritten(c, r, copy);

		for (at = k; at; at = at->next == NONE ? NULL : &cell->cluster[at->next])
			if (at->mask & r->reach & 1 << copy && at->s <= r->end &&
			    (!last || at->f > last))
				return;
	}
	unknown_value(c, read);
}

static void cell_read(struct checker *c, uint32_t read)
{
	struct cell_view *cell = &c->cell;
	struct access *r = &cell->a[read];
	struct cluster *k = cluster_find(cell, r->value);

	if (!k) {
		unknown_value(c, read);
	} else if (k->duplicate) {
		read_duplicate(c, k, read);
	} else if (k->source != NONE && r->end < cell->a[k->source].begin) {
		read_too_early(c, k, read);
	} else if (!(k->mask & r->reach)) {
		other_copy(c, k, read);
	} else {
		if ((k->mask & r->reach) != k->mask)
			k->mask_op = read;
		k->mask &= r->reach;
		k->definite = true;
		if (k->proof == NONE)
			k->proof = read;
		if (r->end < k->f) {
			k->f = r->end;
			k->f_op = read;
		}
		if (r->begin > k->s) {
			k->s = r->begin;
			k->s_op = read;
		}
	}
}

static void taken_twice(struct checker *c, const struct cluster *k, uint32_t read)
{
	struct anomaly a = anomaly_new(VERDICT_LOST_WRITE,
				       "two exchanges found the same value: what one left is lost");

	anomaly_source(c, &a, k);
	anomaly_access(c, &a, WITNESS_PROOF, k->taker);
	anomaly_access(c, &a, WITNESS_READ, read);
	anomaly_done(c, &a);
}

/* The write of an exchange follows its read in the cell, as it does in the log. */
static void cell_exchange(struct checker *c, uint32_t read)
{
	struct cell_view *cell = &c->cell;
	struct cluster *from = cluster_find(cell, cell->a[read].value);
	struct cluster *to = cluster_find(cell, cell->a[read + 1].value);

	if (!from || from->duplicate || to->duplicate)
		return;
	if (from->taker != NONE) {
		taken_twice(c, from, read);
		return;
	}
	from->taker = read;
	from->next = to - cell->cluster;
	to->follows = true;
}

static void cell_prepare(struct checker *c)
{
	struct cell_view *cell = &c->cell;
	uint32_t i, want = cell->n + cell->carried_count + 1, size = 4;

	while (size < 2 * want)
		size *= 2;
	CHECKER_ROOM(c, cell->cluster, cell->cluster_room, want);
	CHECKER_ROOM(c, cell->table, cell->table_room, size);
	memset(cell->table, 0, size * sizeof(*cell->table));
	cell->table_mask = size - 1;
	cell->clusters = 0;
	cell->soles[0] = cell->soles[1] = 0;
	cell->zero_read[0] = cell->zero_read[1] = 0;
	cell->anomaly.count = 0;
	cell->derived = false;
	cell->zero = cell->carried_count ? 0 : c->page[c->view.page].zero;
	cell->any = cell->carried_count ? 0 : c->page[c->view.page].any;
	for (i = 0; i < cell->carried_count; i++) {
		if (cell->carried[i].any)
			cell->any |= cell->carried[i].mask;
		else if (!cell->carried[i].value)
			cell->zero |= cell->carried[i].mask;
	}
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
		c->stats.undecided += a->reach == BOTH_COPIES;
	}
}

void cell_judge(struct checker *c)
{
	struct cell_view *cell = &c->cell;
	uint32_t i;

	cell_prepare(c);
	cell_reach(c);
	cell_sources(c);
	if (cell->any || c->view.undefined[0].count || c->view.undefined[1].count)
		cell_wild(c);
	for (i = 0; i < cell->n; i++)
		if (cell->a[i].kind == EVENT_READ && !cell->a[i].wild &&
		    (cell->a[i].value || cell->zero_plain))
			cell_read(c, i);
	for (i = 0; i < cell->n; i++)
		if (cell->a[i].kind == EVENT_READ && cell->a[i].flags & EVENT_ATOMIC &&
		    !cell->a[i].wild && (cell->a[i].value || cell->zero_plain))
			cell_exchange(c, i);
	zones_build(c);
	zones_judge(c);
	if (!cell->zero_plain)
		zero_judge(c);
	if (!cell->anomaly.count)
		zones_judge_undecided(c);
	cell_carry(c);
}
