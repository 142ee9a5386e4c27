// SPDX-License-Identifier: GPL-2.0-only
/* Reads of zero where it has several sources: the barrier and each reset. */
#include "oracle/anomaly_parts.h"

/* So many resets around a read that looking at each would cost too much: one will do. */
#define CANDIDATES_MAX	64
/* A reset that is the only source of several reads is met again soon or never. */
#define SOLE_LOOKBACK	16

enum zero_fault { ZERO_LEGAL, ZERO_BETWEEN, ZERO_NO_SOURCE, ZERO_TAKEN };

struct zero_source {
	uint32_t count;		/* explanations: 0, 1, or 2 for more */
	struct sole only;
	uint32_t taker;		/* exchange that had taken what else would explain it */
};

static uint64_t max(uint64_t a, uint64_t b) { return a > b ? a : b; }
static uint64_t min(uint64_t a, uint64_t b) { return a < b ? a : b; }

static uint64_t zones_latest(struct zones *z, uint64_t t)
{
	const struct zone *u = zone_before(z, t, NULL);

	return u ? u->s : 0;
}

static struct sole *sole_find(struct cell_view *cell, unsigned int copy, uint32_t op)
{
	uint32_t i, n = cell->soles[copy];

	for (i = 0; i < SOLE_LOOKBACK && i < n; i++)
		if (cell->sole[copy][n - 1 - i].op == op)
			return &cell->sole[copy][n - 1 - i];
	return NULL;
}

/*
 * Source and read need points, in this order, with no other value between: with b the
 * later begin and e the earlier end of the two, no zone with f < b and e < s.
 */
static void zero_candidate(struct cell_view *cell, unsigned int copy, const struct access *r,
			   struct sole source, struct zero_source *found)
{
	const struct sole *known = sole_find(cell, copy, source.op);
	uint64_t first;

	if (known)
		source = *known;
	if (known && known->taker != NONE &&
	    (r->flags & EVENT_ATOMIC || cell->a[known->taker].end < r->begin)) {
		found->taker = known->taker;
		return;
	}
	first = zones_latest(&cell->zone[copy], max(source.begin, r->begin));
	if (first > min(source.end, r->end))
		return;
	if (found->count++)
		return;
	found->only = source;
	found->only.begin = max(source.begin, first);
	found->only.end = min(source.end, r->end);
}

static enum zero_fault zero_explain(struct checker *c, unsigned int copy, const struct access *r,
				    struct zero_source *found)
{
	struct spans *reset = &c->view.reset[copy];
	uint64_t before = zones_latest(&c->cell.zone[copy], r->begin);
	uint32_t i = spans_begun(reset, r->end), tried = 0;

	*found = (struct zero_source){ .taker = NONE };
	if (before > r->end)
		return ZERO_BETWEEN;
	while (i-- && reset->all[i].latest > before && found->count < 2) {
		const struct span *s = &reset->all[i];

		if (++tried > CANDIDATES_MAX)
			found->count = 2;
		else if (s->end > before)
			zero_candidate(&c->cell, copy, r,
				       (struct sole){ s->op, s->begin, s->end, NONE }, found);
	}
	if (c->cell.zero & 1 << copy && before <= c->barrier && found->count < 2)
		zero_candidate(&c->cell, copy, r,
			       (struct sole){ NONE, c->barrier, c->barrier, NONE }, found);
	if (found->count)
		return ZERO_LEGAL;
	return found->taker == NONE ? ZERO_NO_SOURCE : ZERO_TAKEN;
}

static void sole_keep(struct checker *c, unsigned int copy, uint32_t read, const struct sole *s)
{
	struct cell_view *cell = &c->cell;
	struct sole *known = sole_find(cell, copy, s->op);

	if (!known) {
		CHECKER_ROOM(c, cell->sole[copy], cell->sole_room[copy], cell->soles[copy] + 1);
		known = &cell->sole[copy][cell->soles[copy]++];
	}
	*known = *s;
	if (cell->a[read].flags & EVENT_ATOMIC)
		known->taker = read;
}

/* The reset that came nearest to an explanation; NULL: none began early enough. */
static const struct span *zero_nearest(struct checker *c, unsigned int copy, const struct access *r)
{
	uint32_t begun = spans_begun(&c->view.reset[copy], r->end);

	return begun ? &c->view.reset[copy].all[begun - 1] : NULL;
}

/* Zero between two reads of a value: that which a reset explains is not the wrong one. */
static void zero_between(struct checker *c, unsigned int copy, uint32_t read)
{
	const struct access *r = &c->cell.a[read];
	const struct zone *u = zone_before(&c->cell.zone[copy], r->begin, NULL);
	const struct span *reset = zero_nearest(c, copy, r);
	struct proof data = zone_proof(c, u, r->end, r->begin);
	struct anomaly a = anomaly_new(VERDICT_LOST_DATA,
				       "the data was there before the read and after it");

	if (reset && reset->end > data.f) {
		a.cls = VERDICT_STALE_MAPPING;
		a.why = "the word had become zero, and a value from before that came back";
		anomaly_access(c, &a, WITNESS_PROOF, read);
		anomaly_op(c, &a, WITNESS_BETWEEN, reset->op);
	} else {
		anomaly_access(c, &a, WITNESS_READ, read);
	}
	anomaly_proof(c, &a, &data);
	anomaly_source(c, &a, data.last);
	anomaly_done(c, &a);
}

static void zero_report(struct checker *c, unsigned int copy, uint32_t read,
			enum zero_fault fault, const struct zero_source *found)
{
	const struct access *r = &c->cell.a[read];
	const struct span *reset = zero_nearest(c, copy, r);
	uint64_t s = reset ? max(reset->begin, r->begin) : r->begin;
	const struct zone *u = zone_before(&c->cell.zone[copy], s, NULL);
	struct anomaly a = anomaly_new(VERDICT_LOST_DATA,
				       "nothing made the word zero since it held data");

	if (fault == ZERO_BETWEEN) {
		zero_between(c, copy, read);
		return;
	}
	anomaly_access(c, &a, WITNESS_READ, read);
	if (reset)
		anomaly_op(c, &a, WITNESS_BETWEEN, reset->op);
	if (fault == ZERO_TAKEN) {
		a.cls = VERDICT_LOST_WRITE;
		a.why = "an exchange had found this zero already: what it left is lost";
		anomaly_access(c, &a, WITNESS_PROOF, found->taker);
	} else if (u) {
		struct proof data = zone_proof(c, u, reset ? min(reset->end, r->end) : c->barrier,
					       s);

		anomaly_proof(c, &a, &data);
		anomaly_source(c, &a, data.last);
	}
	if (!reset && (!u || fault == ZERO_TAKEN))
		anomaly_known(c, &a, 1 << copy);
	anomaly_done(c, &a);
}

/* Was it legal if nothing were known of other reads of zero? */
static bool zero_derived(struct checker *c, const struct access *r)
{
	uint32_t soles[2] = { c->cell.soles[0], c->cell.soles[1] };
	struct zero_source found;
	bool legal = false;
	unsigned int copy;

	c->cell.soles[0] = c->cell.soles[1] = 0;
	for (copy = 0; copy < 2; copy++)
		legal |= r->reach & 1 << copy && zero_explain(c, copy, r, &found) == ZERO_LEGAL;
	c->cell.soles[0] = soles[0];
	c->cell.soles[1] = soles[1];
	return legal;
}

static void zero_read(struct checker *c, uint32_t read)
{
	struct cell_view *cell = &c->cell;
	const struct access *r = &cell->a[read];
	enum zero_fault fault = ZERO_LEGAL;
	struct zero_source found;
	unsigned int copy, last = 0;

	for (copy = 0; copy < 2; copy++) {
		if (!(r->reach & 1 << copy))
			continue;
		last = copy;
		fault = zero_explain(c, copy, r, &found);
		if (fault == ZERO_LEGAL)
			break;
	}
	if (fault != ZERO_LEGAL && !anomaly_enough(c)) {
		cell->derived = r->reach == BOTH_COPIES || zero_derived(c, r);
		zero_report(c, last, read, fault, &found);
		cell->derived = false;
	} else if (fault == ZERO_LEGAL && r->reach != BOTH_COPIES) {
		cell->zero_read[copy] = max(cell->zero_read[copy], r->begin);
		if (found.count == 1)
			sole_keep(c, copy, read, &found.only);
	}
}

void zero_judge(struct checker *c)
{
	uint32_t i;

	for (i = 0; i < c->cell.n; i++)
		if (c->cell.a[i].kind == EVENT_READ && !c->cell.a[i].value && !c->cell.a[i].wild)
			zero_read(c, i);
}
