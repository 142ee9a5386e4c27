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

/* Wish away reads, or the others, from @from to @end; is there one that was not yet? */
static bool wish_away(const struct checker *c, uint8_t *wish, uint32_t from, uint32_t end,
		      bool reads)
{
	bool news = false;
	uint32_t i;

	for (i = from; i < end; i++) {
		const bool read = i < c->cell.n && c->cell.a[i].kind == EVENT_READ;

		if (read != reads || wish[i])
			continue;
		wish[i] = news = true;
	}
	return news;
}

/* Leave out what can be from @first to @end; behind @wish there is room for another. */
static void parts_reduce(struct checker *c, uint32_t first, uint32_t end, bool reads,
			 uint64_t until, uint8_t *wish)
{
	const uint32_t all = c->cell.n + page_ops(c);
	uint8_t *before = wish + all;
	uint32_t size, from;

	for (size = end - first; size; size /= 2)
		for (from = first; from < end; from += size) {
			memcpy(before, wish, all);
			if (wish_away(c, wish, from, from + size < end ? from + size : end,
				      reads) &&
			    !still_impossible(c, wish, until))
				memcpy(wish, before, all);
		}
}

/* Reduce the word's history to as little as stays impossible: checker.search.out. */
static void word_reduce(struct checker *c, uint64_t until)
{
	const uint32_t n = c->cell.n, all = n + page_ops(c);
	struct search *s = c->search;
	uint8_t *wish;

	CHECKER_ROOM(c, s->out, s->out_room, 3 * all);
	wish = s->out + all;
	memset(wish, 0, all);
	values_build(c);
	/* A read that is impossible by itself stays alone; then, rather the host than writes. */
	parts_reduce(c, 0, n, true, until, wish);
	parts_reduce(c, 0, n, false, until, wish);
	parts_reduce(c, n, all, false, until, wish);
	out_settle(c, wish);
}

/* Is it worth a proof?  If not, it remains as it is here. */
static bool proof_wanted(struct checker *c, uint64_t ticket, uint32_t parts)
{
	c->cell.anomaly = (struct anomaly){
		.cls = VERDICT_LOST_WRITE, .page = c->view.page, .word = c->cell.word,
		.ticket = ticket,
		.why = "no order of what was done explains what was read; too much for a proof",
	};
	return parts <= PROVE_MAX && anomaly_wanted(c, ticket);
}

void anomaly_prove(struct checker *c, uint64_t until)
{
	if (!proof_wanted(c, until, c->cell.n + page_ops(c)))
		return;
	c->search->reduced = true;
	word_reduce(c, until);
	proof_build(c, until);
	c->search->reduced = false;
}

static void place_take(struct cell_view *cell, const struct word_place *p)
{
	cell->a = p->a;
	cell->n = p->n;
	cell->carried = p->carried;
	cell->carried_count = p->carried_count;
	cell->word = p->word;
}

void anomaly_contradict(struct checker *c, uint8_t others)
{
	struct cell_view *cell = &c->cell;
	const struct word_place here = { cell->a, cell->carried, cell->n, cell->carried_count,
					 cell->word, true };
	/* All words before say that it is @others: some word says so. */
	const struct word_place *there = &c->view.denies[!(others & 2)];
	const uint64_t ticket = cell->n ? cell->a[cell->n - 1].begin : c->barrier;
	struct anomaly a = {
		.cls = c->config.split ? VERDICT_STALE_MAPPING : VERDICT_PERMISSION,
		.why = "one word needs the page private at last, and another one needs it shared",
	};

	if (!proof_wanted(c, ticket, here.n + there->n + page_ops(c)))
		return;
	c->search->reduced = true;
	c->search->end = others;
	word_reduce(c, UINT64_MAX);
	proof_say(c, &a, UINT64_MAX);
	c->search->end = BOTH_COPIES & ~others;
	place_take(cell, there);
	word_reduce(c, UINT64_MAX);
	proof_say(c, &a, UINT64_MAX);
	c->search->end = BOTH_COPIES;
	c->search->reduced = false;
	place_take(cell, &here);
	anomaly_done(c, &a);
}
