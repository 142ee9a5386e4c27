// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include "plan/cut_parts.h"
#include "plan/minimise.h"

#define TRAIL	32	/* plans to step back to */
#define PATIENCE 3	/* rounds that come to nothing because of settle() */
#define SETTLE	2	/* judgements that settle() takes together: luck once is not luck twice */

struct tally {
	unsigned int failures, repetitions;
};

struct search {
	const struct minimise *how;
	struct minimise_result *result;
	struct plan *best;		/* the smallest plan that was accepted */
	struct tally tally;		/* of the judgement that accepted it */
	struct plan trail[TRAIL];	/* what it was before, oldest first, since ... */
	unsigned int steps;
	struct plan sure;		/* ... the last one judged in full */
	struct tally sure_tally;
	uint64_t limit;			/* repetitions; the rest is for settle() */
	const char *phase;
	bool ended;
};

const char *minimise_end_name(enum minimise_end end)
{
	static const char *const names[] = {
		[MINIMISE_DONE] = "nothing more can be left out",
		[MINIMISE_BUDGET] = "out of budget",
		[MINIMISE_STOPPED] = "stopped",
		[MINIMISE_NEVER_FAILED] = "the plan never failed",
	};

	return names[end];
}

static void end(struct search *s, enum minimise_end why)
{
	if (!s->ended)
		s->result->end = why;
	s->ended = true;
}

static unsigned int judge(struct search *s, const struct plan *plan, unsigned int n)
{
	const unsigned int failures = s->how->judge(plan, n, s->how->arg);

	s->result->runs += n;
	return failures < n ? failures : n;
}

static unsigned int smaller(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/*
 * Does the plan reach the threshold, over @times as many repetitions as a candidate gets?
 * Asks for as many at a time as are needed for a decision either way, which is never more
 * than one by one would take.  With @full a plan that passes gets all repetitions.
 */
static bool reaches(struct search *s, const struct plan *plan, unsigned int times, bool full,
		    uint64_t limit, struct tally *t)
{
	const unsigned int most = times * s->how->repetitions;
	const unsigned int enough = times * s->result->threshold;
	unsigned int n, missing = most - enough + 1;	/* passes that decide against it */

	*t = (struct tally){ 0 };
	while (missing && t->repetitions < most && (full || t->failures < enough)) {
		n = smaller(missing, full ? most - t->repetitions : enough - t->failures);
		if (s->result->runs + n > limit) {
			end(s, MINIMISE_BUDGET);
			return false;
		}
		t->failures += judge(s, plan, n);
		t->repetitions += n;
		missing = most - enough + 1 - (t->repetitions - t->failures);
	}
	return t->failures >= enough;
}

static void report(struct search *s)
{
	const struct minimise_progress progress = {
		.phase = s->phase, .runs = s->result->runs, .budget = s->how->budget,
		.candidates = s->result->candidates, .accepted = s->result->accepted,
		.actors = minimise_busy(s->best), .ops = plan_ops(s->best),
		.pages = s->best->config.pages,
	};

	if (s->how->progress && !s->how->progress(&progress, s->how->arg))
		end(s, MINIMISE_STOPPED);
}

/* Judge a candidate, which is the search's from now on; the best plan if it fails. */
static bool accept(struct search *s, struct plan *candidate)
{
	struct tally tally;
	const bool ok = reaches(s, candidate, 1, false, s->limit, &tally);

	s->result->candidates++;
	if (ok) {
		if (s->steps == TRAIL) {
			plan_free(&s->trail[0]);
			memmove(s->trail, s->trail + 1, --s->steps * sizeof(s->trail[0]));
		}
		s->trail[s->steps++] = *s->best;
		*s->best = *candidate;
		s->tally = tally;
		s->result->accepted++;
	} else {
		plan_free(candidate);
	}
	report(s);
	return ok;
}

static void trail_forget(struct search *s)
{
	while (s->steps)
		plan_free(&s->trail[--s->steps]);
}

/* A plan of the trail, counted from its beginning; at its end is the best one. */
static struct plan *trail_at(struct search *s, int i)
{
	return i < (int)s->steps ? &s->trail[i] : s->best;
}

/* Continue from there: it was judged afresh. */
static void trail_choose(struct search *s, int i, struct tally tally)
{
	const struct plan best = *s->best;

	if (i < (int)s->steps) {
		*s->best = s->trail[i];
		s->trail[i] = best;
	}
	trail_forget(s);
	plan_free(&s->sure);
	plan_copy(&s->sure, s->best);
	s->tally = s->sure_tally = tally;
}

/*
 * A candidate may have been accepted by luck, and all that were derived from it with it.
 * Judge the best plan afresh, longer; if it fails, bisect the way that led there for the
 * last plan that passes.  Returns false if that is the plan settled on before.
 */
static bool settle(struct search *s)
{
	int good = plan_equal(&s->trail[0], &s->sure) ? 0 : -1, bad = s->steps + 1, at = s->steps;
	struct tally t, good_tally = s->sure_tally;

	for (; good + 1 < bad; at = (good + bad) / 2) {
		if (reaches(s, trail_at(s, at), SETTLE, true, s->how->budget, &t)) {
			good = at;
			good_tally = t;
		} else {
			bad = at;
		}
	}
	if (good >= 0 && !plan_equal(trail_at(s, good), &s->sure)) {
		trail_choose(s, good, good_tally);
		return true;
	}
	trail_forget(s);
	plan_free(s->best);
	plan_copy(s->best, &s->sure);
	s->tally = s->sure_tally;
	return false;
}

/* Leave out as much as possible of one sort: halves, quarters, ..., single items. */
static bool reduce(struct search *s, const struct minimise_cut *c)
{
	const uint32_t all = c->items(s->best), least = c->finest ? all / c->finest + 1 : 1;
	uint32_t chunk = c->all ? all : (all + 1) / 2, first, items;
	struct plan candidate;
	bool again;

	s->phase = c->name;
	while (chunk >= least && !s->ended) {
		again = false;
		for (first = 0; !s->ended && first < (items = c->items(s->best)); ) {
			const uint32_t count = smaller(chunk, items - first);

			if (count == items && !c->all)
				break;
			plan_copy(&candidate, s->best);
			c->cut(&candidate, first, count);
			if (accept(s, &candidate))
				again = true;
			else
				first += count;
		}
		if (chunk > 1)
			chunk = (chunk + 1) / 2;
		else if (!again)
			break;
	}
	/* Someone who stops the search does not wait for more. */
	return s->steps && s->result->end != MINIMISE_STOPPED && settle(s);
}

/* The plan as given, in full: its rate is the measure if it is below what was asked for. */
static bool begin(struct search *s)
{
	const unsigned int n = smaller(s->how->repetitions, s->how->budget);

	s->tally = (struct tally){ judge(s, s->best, n), n };
	s->sure_tally = s->tally;
	plan_copy(&s->sure, s->best);
	s->phase = "the plan given";
	s->result->threshold = smaller(s->how->threshold ? s->how->threshold : 1,
				       s->tally.failures);
	if (!s->tally.failures)
		end(s, MINIMISE_NEVER_FAILED);
	else
		report(s);
	return !s->ended;
}

/* All sorts of things to leave out, once; false if nothing more is to be had. */
static bool round_of_cuts(struct search *s, unsigned int *in_vain)
{
	const uint32_t accepted = s->result->accepted;
	const struct minimise_cut *c;
	bool changed = false;

	for (c = minimise_cuts; c->name && !s->ended; c++)
		changed |= reduce(s, c);
	/* A plan that was accepted and then given up may have had bad luck, but not for ever. */
	return changed || (s->result->accepted > accepted && ++*in_vain < PATIENCE);
}

struct minimise_result minimise(struct plan *plan, const struct minimise *how)
{
	const uint64_t settling = 2ull * SETTLE * how->repetitions;	/* with a step back */
	const uint64_t reserve = settling < how->budget / 2 ? settling : how->budget / 2;
	struct minimise_result result = { .end = MINIMISE_DONE };
	struct search s = {
		.how = how, .result = &result, .best = plan, .limit = how->budget - reserve,
	};
	unsigned int in_vain = 0;

	if (begin(&s))
		while (round_of_cuts(&s, &in_vain) && !s.ended)
			;
	trail_forget(&s);
	plan_free(&s.sure);
	result.failures = s.tally.failures;
	result.repetitions = s.tally.repetitions;
	return result;
}
