// SPDX-License-Identifier: GPL-2.0-only
/* What stays of a word's history, as the witness of an anomaly. */
#include "oracle/prove_parts.h"

/* Resets and conversions that are shown; all are part of the proof. */
#define OPS_SAID	3

static bool is_unknown(const struct checker *c, const struct access *a)
{
	return a->value && !cluster_find(&c->cell, a->value);
}

/* Of the reads that stay, the one that cannot be explained: of a value unknown, or the last. */
static uint32_t read_last(const struct checker *c, const struct parts_out *p)
{
	uint32_t i, last = NONE;

	for (i = 0; i < p->accesses; i++)
		if (!c->search->out[i] && c->cell.a[i].kind == EVENT_READ &&
		    (last == NONE || !is_unknown(c, &c->cell.a[last])))
			last = i;
	return last;
}

/* What the rules say of the accesses that stay; they may have nothing to say. */
static struct anomaly rules_say(struct checker *c, const struct parts_out *p)
{
	struct cell_view *cell = &c->cell;
	const struct access *a = cell->a;
	struct search *s = c->search;
	uint32_t i, n = 0;

	CHECKER_ROOM(c, s->stay, s->stay_room, p->accesses);
	for (i = 0; i < p->accesses; i++)
		if (!s->out[i - is_second(&a[i])])
			s->stay[n++] = a[i];
	cell->a = s->stay;
	cell->n = n;
	cell->anomaly = (struct anomaly){ .count = 0 };
	rules_judge(c);
	cell->a = (struct access *)a;
	cell->n = p->accesses;
	return cell->anomaly;
}

/* Of the accesses that stay: where values came from, or all else. */
static void accesses_say(struct checker *c, const struct parts_out *p, struct anomaly *a,
			 bool sources)
{
	uint32_t i;

	for (i = p->accesses; i--;) {
		const struct access *x = &c->cell.a[i];
		const struct cluster *k = left_by(c, x);

		if (c->search->out[i] || is_second(x))
			continue;
		if (sources && k && k->seen)
			anomaly_access(c, a, WITNESS_SOURCE, i + is_exchange(x));
		else if (!sources && x->kind == EVENT_READ)
			anomaly_access(c, a, WITNESS_PROOF, i);
		else if (!sources && k && !k->seen)
			anomaly_access(c, a, WITNESS_BETWEEN, i);
	}
}

/* The rules have nothing to say: the class follows from what stays. */
static void class_derive(struct checker *c, const struct parts_out *p, struct anomaly *a,
			 uint32_t last)
{
	const struct access *x = c->cell.a;
	bool exchange = false, zero = false, reset = false;
	uint32_t i;

	if (last != NONE && is_unknown(c, &x[last])) {
		anomaly_unknown(c, a, &x[last], false);
		return;
	}
	for (i = 0; i < p->accesses; i++) {
		if (c->search->out[i])
			continue;
		exchange |= is_exchange(&x[i]);
		zero |= x[i].kind == EVENT_READ && !x[i].value;
	}
	for (i = 0; i < p->ops; i++)
		reset |= op_of(c, i)->kind == EVENT_RESET && !c->search->out[p->accesses + i];
	/* A reset that had to stay for something else than a zero. */
	if (reset && !zero)
		a->cls = VERDICT_STALE_MAPPING;
	else if (last != NONE && !x[last].value && !exchange)
		a->cls = VERDICT_LOST_DATA;
}

/* The latest ones: those that began before it was impossible. */
static void ops_say(struct checker *c, const struct parts_out *p, struct anomaly *a,
		    enum event_kind kind, uint64_t until)
{
	uint32_t i, said = 0;

	for (i = p->ops; i-- && said < OPS_SAID;) {
		const struct event *e = op_of(c, i);

		if (c->search->out[p->accesses + i] || e->kind != kind || e->begin > until)
			continue;
		anomaly_op(c, a, kind == EVENT_CONVERT ? WITNESS_STATE : WITNESS_BETWEEN,
			   c->page_op[c->page_op_start[c->view.page] + i]);
		said++;
	}
}

void proof_build(struct checker *c, const struct parts_out *p, uint64_t until)
{
	const struct anomaly rules = rules_say(c, p);
	const uint32_t last = read_last(c, p);
	struct anomaly a = anomaly_new(VERDICT_LOST_WRITE,
				       "no order of what was done explains what was read");

	out_settle(c, p);
	/* There may not be room for all: where a value came from can be looked up. */
	if (last != NONE)
		anomaly_access(c, &a, WITNESS_READ, last);
	accesses_say(c, p, &a, false);
	ops_say(c, p, &a, EVENT_RESET, until);
	accesses_say(c, p, &a, true);
	if (c->config.split)
		ops_say(c, p, &a, EVENT_CONVERT, until);
	if (rules.why) {
		a.cls = rules.cls;
		a.why = rules.why;
	} else {
		class_derive(c, p, &a, last);
	}
	if (c->barrier)
		anomaly_known(c, &a, c->copies);
	c->cell.anomaly = (struct anomaly){ .count = 0 };
	anomaly_done(c, &a);
}

