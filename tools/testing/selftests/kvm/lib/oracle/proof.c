// SPDX-License-Identifier: GPL-2.0-only
/* What stays of a word's history, as the witness of an anomaly. */
#include "oracle/prove_parts.h"

/* Resets that are shown; all are part of the proof. */
#define RESETS_SAID	3

/*
 * Of the reads that stay, the one that cannot be explained: of a value unknown, unless undefined
 * contents explain it; or the last.  A token that does not belong here says more than what is
 * none: where undefined contents may explain one or the other, it is the token that is wrong.
 */
static uint32_t read_last(struct checker *c, uint64_t until)
{
	const struct access *a = c->cell.a;
	uint32_t i, last = NONE, unknown = NONE;

	for (i = 0; i < c->cell.n; i++) {
		if (!stays(c, i) || a[i].kind != EVENT_READ)
			continue;
		last = i;
		if (!is_unknown(c, &a[i]) || (unknown != NONE && !token_valid(a[i].value)) ||
		    !possible_if(c, &(struct impossible){ until, i }, WHAT_IF_ANYTHING))
			continue;
		if (token_valid(a[i].value))
			return i;
		unknown = i;
	}
	return unknown != NONE ? unknown : last;
}

/* Of the accesses that stay: where values came from, or all else. */
static void accesses_say(struct checker *c, struct anomaly *a, bool sources)
{
	uint32_t i;

	for (i = c->cell.n; i--;) {
		const struct access *x = &c->cell.a[i];
		const struct value *v = left_by(c, x);

		if (!stays(c, i) || is_second(x))
			continue;
		if (sources && v && v->wanted)
			anomaly_access(c, a, WITNESS_SOURCE, i + is_exchange(x));
		else if (!sources && x->kind == EVENT_READ)
			anomaly_access(c, a, WITNESS_PROOF, i);
		else if (!sources && v && !v->wanted)
			anomaly_access(c, a, WITNESS_BETWEEN, i);
	}
}

/* The latest ones: those that began before it was impossible. */
static void resets_say(struct checker *c, struct anomaly *a, uint64_t until)
{
	uint32_t i, said = 0;

	for (i = page_ops(c); i-- && said < RESETS_SAID;) {
		const struct event *e = page_op(c, i);

		if (!op_stays(c, i) || e->kind != EVENT_RESET || e->begin > until)
			continue;
		anomaly_op(c, a, WITNESS_BETWEEN, i);
		said++;
	}
}

uint32_t proof_say(struct checker *c, struct anomaly *a, uint64_t until)
{
	const uint32_t last = read_last(c, until);

	/* There may not be room for all: where a value came from can be looked up. */
	if (last != NONE)
		anomaly_access(c, a, WITNESS_READ, last);
	accesses_say(c, a, false);
	resets_say(c, a, until);
	accesses_say(c, a, true);
	return last;
}

void proof_build(struct checker *c, uint64_t until)
{
	struct anomaly a = { .cls = VERDICT_LOST_WRITE };
	const struct impossible p = { until, proof_say(c, &a, until) };

	proof_explain(c, &p, &a);
	if (c->barrier)
		anomaly_known(c, &a);
	anomaly_done(c, &a);
}
