// SPDX-License-Identifier: GPL-2.0-only
/* Each read to the cluster of its value, where there is one that it can belong to. */
#include "oracle/anomaly_parts.h"

/* What should have been there: the last thing that happened to the word before the read. */
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

/* Are its upper and its lower half known, each of another value? */
static bool is_torn(const struct checker *c, uint64_t value)
{
	bool upper = false, lower = false;
	uint32_t i;

	for (i = 0; i < c->cell.clusters; i++) {
		const uint64_t differs = c->cell.cluster[i].value ^ value;

		upper |= !(differs >> 32);
		lower |= !(uint32_t)differs;
	}
	return upper && lower;
}

void anomaly_unknown(struct checker *c, struct anomaly *a, const struct access *r, bool zero_due)
{
	const uint32_t page = c->view.page & TOKEN_PAGE_MASK;

	a->cls = VERDICT_NOT_SCRUBBED;
	a->why = "no actor wrote this value, and memory starts as zero";
	if (!r->value) {
		a->cls = VERDICT_LOST_DATA;
		a->why = "nothing made the word zero since it held data";
	} else if (!token_valid(r->value)) {
		a->why = "this is no token: only tokens were written here, and memory starts as zero";
	} else if (token_vm(r->value) != (c->config.vm & 0xf)) {
		a->cls = VERDICT_LEAK;
		a->why = "the token belongs to another VM";
	} else if (token_page(r->value) != page || token_word(r->value) != r->word) {
		a->cls = VERDICT_WRONG_PAGE;
		a->why = "the token belongs to another place";
	} else if (cluster_find(&c->cell, r->value)) {
		a->cls = zero_due ? VERDICT_STALE_MAPPING : VERDICT_LOST_WRITE;
		a->why = "the token was written more than once, and was gone after each time";
		anomaly_source(c, a, cluster_find(&c->cell, r->value));
	} else if (token_seq(r->value) < c->before[token_actor(r->value)]) {
		a->cls = zero_due ? VERDICT_STALE_MAPPING : VERDICT_LOST_WRITE;
		a->why = zero_due ?
			"the token is from before the barrier; the word had become zero since" :
			"the token is from before the barrier and had been overwritten";
	} else if (is_torn(c, r->value)) {
		a->cls = VERDICT_LOST_WRITE;
		a->why = "nobody wrote this value: its halves are those of two that were written";
	}
}

static void unknown_value(struct checker *c, uint32_t read)
{
	const struct access *r = &c->cell.a[read];
	struct anomaly a = anomaly_new(VERDICT_NOT_SCRUBBED, NULL);

	if (anomaly_enough(c))
		return;
	anomaly_unknown(c, &a, r, anomaly_context(c, &a, r));
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

void read_judge(struct checker *c, uint32_t read)
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
void exchange_judge(struct checker *c, uint32_t read)
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
