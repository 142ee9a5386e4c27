// SPDX-License-Identifier: GPL-2.0-only
/*
 * A witness proves: with nothing but its events, all sources of the values in them, and what was
 * done to the state and the contents of the page, no order explains its reads.  So the word's
 * operations are left out one part after the other, for as long as what remains stays impossible.
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
	struct value *v;

	if (!stays(c, i) || a->kind != EVENT_READ)
		return false;
	*zero |= !a->value;
	v = a->value ? value_find(&c->cell, a->value) : NULL;
	if (!v || v->wanted)
		return false;
	v->wanted = true;
	return true;
}

/* From what is wished to be left out, what can be. */
static void out_settle(const struct checker *c, const uint8_t *wish)
{
	const struct cell_view *cell = &c->cell;
	uint8_t *out = c->search->out;
	bool zero = false, more = true;
	uint32_t i;

	memcpy(out, wish, cell->n + page_ops(c));
	for (i = 0; i < cell->values; i++)
		cell->value[i].wanted = false;
	while (more) {
		more = false;
		for (i = cell->n; i--;) {
			const struct value *v = left_by(c, &cell->a[i]);

			if (v && v->wanted)
				out[i] = false;
			more |= access_needs(c, i, &zero);
		}
	}
	for (i = 0; i < page_ops(c); i++)
		if (zero || page_op(c, i)->kind != EVENT_RESET)
			out[cell->n + i] = false;
}

static bool still_impossible(struct checker *c, const uint8_t *wish, uint64_t until)
{
	out_settle(c, wish);
	return search_word(c, until) == SEARCH_IMPOSSIBLE;
}

/* Wish away @count parts from @from on; is there one that was not yet? */
static bool wish_away(uint8_t *wish, uint32_t from, uint32_t count)
{
	bool news = false;
	uint32_t i;

	for (i = from; i < from + count; i++) {
		news |= !wish[i];
		wish[i] = true;
	}
	return news;
}

/* Leave out what can be of the parts from @first to @end; @wish and @before have room for all. */
static void parts_reduce(struct checker *c, uint32_t first, uint32_t end, uint64_t until,
			 uint8_t *wish, uint8_t *before)
{
	const uint32_t all = c->cell.n + page_ops(c);
	uint32_t size, from;

	for (size = end - first; size; size /= 2)
		for (from = first; from < end; from += size) {
			memcpy(before, wish, all);
			if (wish_away(wish, from, from + size < end ? size : end - from) &&
			    !still_impossible(c, wish, until))
				memcpy(wish, before, all);
		}
}

void anomaly_prove(struct checker *c, uint64_t until)
{
	const uint32_t n = c->cell.n, all = n + page_ops(c);
	struct search *s = c->search;
	uint8_t *wish, *before;

	c->cell.anomaly = (struct anomaly){
		.cls = VERDICT_LOST_WRITE, .page = c->view.page, .word = c->cell.word,
		.ticket = until,
		.why = "no order of what was done explains what was read; too much for a proof",
	};
	if (all > PROVE_MAX || !anomaly_wanted(c, until))
		return;
	CHECKER_ROOM(c, s->out, s->out_room, 3 * all);
	wish = s->out + all;
	before = wish + all;
	memset(wish, 0, all);
	values_build(c);
	s->reduced = true;
	/* What the host did to the page says more than what else was written. */
	parts_reduce(c, 0, n, until, wish, before);
	parts_reduce(c, n, all, until, wish, before);
	out_settle(c, wish);
	proof_build(c, until);
	s->reduced = false;
}
