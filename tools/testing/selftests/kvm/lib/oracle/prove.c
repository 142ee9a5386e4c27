// SPDX-License-Identifier: GPL-2.0-only
/*
 * A witness proves: with nothing but its events, all sources of the values in them, and what was
 * done to the state and the contents of the page, no order explains its reads.  Where that of the
 * rules does not, or there is none, the word's operations are left out one part after the other,
 * for as long as what remains stays impossible.
 *
 * What may be left out without making anything impossible: a read; a write of what no remaining
 * read found; a reset, if no remaining read found zero.  Conversions and what leaves contents
 * undefined stay.
 */
#include <string.h>
#include "oracle/prove_parts.h"

/* More than this, and the time that it takes is worth more than the proof. */
#define PROVE_MAX	20000u

/* Keep what one access that stays needs; is that news? */
static bool access_needs(const struct checker *c, uint32_t i, bool *zero)
{
	const struct access *a = &c->cell.a[i];
	struct cluster *k;

	if (c->search->out[i] || a->kind != EVENT_READ)
		return false;
	*zero |= !a->value;
	k = a->value ? cluster_find(&c->cell, a->value) : NULL;
	if (!k || k->seen)
		return false;
	k->seen = true;
	return true;
}

/* From what is wished to be left out, what can be. */
void out_settle(const struct checker *c, const struct parts_out *p)
{
	const struct cell_view *cell = &c->cell;
	uint8_t *out = c->search->out;
	bool zero = false, more = true;
	uint32_t i;

	memcpy(out, p->wish, p->accesses + p->ops);
	for (i = 0; i < cell->clusters; i++)
		cell->cluster[i].seen = false;
	while (more) {
		more = false;
		for (i = p->accesses; i--;) {
			const struct cluster *k = left_by(c, &cell->a[i]);

			if (k && k->seen)
				out[i] = false;
			more |= access_needs(c, i, &zero);
		}
	}
	for (i = 0; i < p->ops; i++)
		if (zero || op_of(c, i)->kind != EVENT_RESET)
			out[p->accesses + i] = false;
}

static bool still_impossible(struct checker *c, const struct parts_out *p, uint64_t until)
{
	out_settle(c, p);
	return search_word(c, until) == SEARCH_IMPOSSIBLE;
}

static bool witness_has(const struct anomaly *a, uint64_t begin)
{
	unsigned int i;

	for (i = 0; i < a->count; i++)
		if (a->witness[i].event.begin == begin)
			return true;
	return false;
}

static uint64_t part_begin(const struct checker *c, const struct parts_out *p, uint32_t i)
{
	return i < p->accesses ? c->cell.a[i].begin : op_of(c, i - p->accesses)->begin;
}

/* Does what the rules found prove it? */
static bool witness_proves(struct checker *c, const struct parts_out *p, uint64_t until)
{
	const struct anomaly *a = &c->cell.anomaly;
	uint32_t i;

	for (i = 0; i < p->accesses + p->ops; i++)
		p->wish[i] = !witness_has(a, part_begin(c, p, i));
	if (!a->count || !still_impossible(c, p, until))
		return false;
	/* An exchange is more than the source of a value. */
	for (i = 0; i < p->accesses; i++)
		if (is_exchange(&c->cell.a[i]) && !c->search->out[i] &&
		    !witness_has(a, c->cell.a[i].begin))
			return false;
	return true;
}

/* Wish away parts from @from on, @count of them; is there one that was not yet? */
static bool wish_away(const struct parts_out *p, uint32_t from, uint32_t count)
{
	const uint32_t all = p->accesses + p->ops;
	bool news = false;
	uint32_t i;

	for (i = from; i < from + count && i < all; i++) {
		news |= !p->wish[i];
		p->wish[i] = true;
	}
	return news;
}

static void witness_reduce(struct checker *c, const struct parts_out *p, uint64_t until,
			   uint8_t *before)
{
	const uint32_t all = p->accesses + p->ops;
	uint32_t size, from;

	memset(p->wish, 0, all);
	for (size = all; size; size /= 2)
		for (from = 0; from < all; from += size) {
			memcpy(before, p->wish, all);
			if (wish_away(p, from, size) && !still_impossible(c, p, until))
				memcpy(p->wish, before, all);
		}
	out_settle(c, p);
}

void anomaly_prove(struct checker *c)
{
	const uint32_t *start = c->page_op_start + c->view.page;
	struct parts_out p = { .accesses = c->cell.n, .ops = start[1] - start[0] };
	const uint32_t all = p.accesses + p.ops;
	const uint64_t until = c->search->failed;
	struct search *s = c->search;

	if (all <= PROVE_MAX && anomaly_wanted(c, until)) {
		CHECKER_ROOM(c, s->out, s->out_room, 3 * all);
		p.wish = s->out + all;
		s->reduced = true;
		if (!witness_proves(c, &p, until)) {
			witness_reduce(c, &p, until, p.wish + all);
			proof_build(c, &p, until);
		}
		s->reduced = false;
	}
	if (!c->cell.anomaly.why) {
		struct anomaly a = anomaly_new(VERDICT_LOST_WRITE,
			"no order of what was done explains what was read; too much for a proof");

		a.ticket = until;
		anomaly_done(c, &a);
	}
}
