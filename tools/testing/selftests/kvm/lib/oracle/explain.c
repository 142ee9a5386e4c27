// SPDX-License-Identifier: GPL-2.0-only
/* What it means that a history is impossible: what would have to be different for an order? */
#include "oracle/prove_parts.h"

bool possible_if(struct checker *c, const struct impossible *p, enum what_if what)
{
	enum search_answer answer;

	c->search->what_if = what;
	c->search->what_if_access = p->last;
	answer = search_word(c, p->until);
	c->search->what_if = AS_IT_WAS;
	return answer == SEARCH_LEGAL;
}

/* Are its upper and its lower half known, each of another value? */
static bool is_torn(const struct checker *c, uint64_t value)
{
	bool upper = false, lower = false;
	uint32_t i;

	for (i = 0; i < c->cell.values; i++) {
		const uint64_t differs = c->cell.value[i].value ^ value;

		upper |= !(differs >> 32);
		lower |= !(uint32_t)differs;
	}
	return upper && lower;
}

/* What should have been there instead, by the last write or reset that was over before. */
static void context_say(struct checker *c, struct anomaly *a, const struct access *r)
{
	uint32_t i, access = NONE, op = NONE;

	for (i = 0; i < c->cell.n; i++) {
		const struct access *x = &c->cell.a[i];

		if (x->kind == EVENT_WRITE && x->end < r->begin && !(x->flags & EVENT_MAYBE))
			access = i;
	}
	for (i = 0; i < page_ops(c); i++) {
		const struct event *e = page_op(c, i);

		if (e->kind == EVENT_RESET && e->end < r->begin && !(e->flags & EVENT_MAYBE))
			op = i;
	}
	if (op != NONE && (access == NONE || c->cell.a[access].begin < page_op(c, op)->begin))
		anomaly_op(c, a, WITNESS_BETWEEN, op);
	else if (access != NONE)
		anomaly_access(c, a, WITNESS_BETWEEN, access);
	else
		anomaly_known(c, a);
}

/* With the whole history, not only what stays. */
static bool zero_due(struct checker *c, const struct impossible *p)
{
	bool due;

	c->search->reduced = false;
	due = possible_if(c, p, WHAT_IF_ZERO);
	c->search->reduced = true;
	return due;
}

/* Neither there nor written. */
static void unknown_explain(struct checker *c, const struct impossible *p, struct anomaly *a)
{
	const struct access *r = &c->cell.a[p->last];
	const uint32_t page = c->view.page & TOKEN_PAGE_MASK;

	a->cls = VERDICT_NOT_SCRUBBED;
	a->why = "no actor wrote this value, and memory starts as zero";
	context_say(c, a, r);
	if (!token_valid(r->value)) {
		a->why = "this is no token: only tokens were written here, and memory starts as zero";
	} else if (token_vm(r->value) != (c->config.vm & 0xf)) {
		a->cls = VERDICT_LEAK;
		a->why = "the token belongs to another VM";
	} else if (token_page(r->value) != page || token_word(r->value) != r->word) {
		a->cls = VERDICT_WRONG_PAGE;
		a->why = "the token belongs to another place";
	} else if (token_seq(r->value) < c->before[token_actor(r->value)]) {
		const bool zero = zero_due(c, p);

		a->cls = zero ? VERDICT_STALE_MAPPING : VERDICT_LOST_WRITE;
		a->why = zero ?
			"the token is from before the barrier; the word had become zero since" :
			"the token is from before the barrier and had been overwritten";
	} else if (is_torn(c, r->value)) {
		a->cls = VERDICT_LOST_WRITE;
		a->why = "nobody wrote this value: its halves are those of two that were written";
	}
}

/* What stays besides the last read, as far as it tells one fault from another. */
struct parts {
	bool exchange, plain;			/* reads of both sorts */
	bool same_taken, last_taken;		/* by exchanges: the same value, the last read's */
	bool zero, zero_taken;			/* found, and by an exchange */
	bool reset;
	bool refused;				/* a write that the page was not open to */
};

static struct parts parts_see(const struct checker *c, const struct impossible *p)
{
	const struct access *x = c->cell.a;
	struct parts parts = { .reset = false };
	uint32_t i, j;

	for (i = 0; i < c->cell.n; i++) {
		if (!stays(c, i))
			continue;
		parts.zero |= x[i].kind == EVENT_READ && !x[i].value;
		parts.refused |= x[i].kind == EVENT_WRITE && x[i].flags & EVENT_MAYBE;
		parts.plain |= x[i].kind == EVENT_READ && !is_exchange(&x[i]);
		if (!is_exchange(&x[i]))
			continue;
		parts.exchange = true;
		parts.zero_taken |= !x[i].value;
		if (i != p->last && p->last != NONE && x[i].value == x[p->last].value)
			parts.last_taken = true;
		for (j = 0; j < i; j++)
			parts.same_taken |= stays(c, j) && is_exchange(&x[j]) &&
					    x[j].value == x[i].value;
	}
	for (i = 0; i < page_ops(c); i++)
		parts.reset |= op_stays(c, i) && page_op(c, i)->kind == EVENT_RESET;
	return parts;
}

static void zero_explain(const struct parts *parts, struct anomaly *a)
{
	a->cls = parts->zero_taken ? VERDICT_LOST_WRITE : VERDICT_LOST_DATA;
	a->why = "nothing made the word zero since it held data";
	if (parts->same_taken)
		a->why = "two exchanges found the same zero: what one left is lost";
	else if (parts->zero_taken)
		a->why = "an exchange had found this zero already: what it left is lost";
}

static void value_explain(struct checker *c, const struct impossible *p,
			  const struct parts *parts, struct anomaly *a)
{
	const struct access *r = &c->cell.a[p->last];

	a->cls = VERDICT_STALE_MAPPING;
	if (value_find(&c->cell, r->value)->begin > r->end) {
		a->cls = VERDICT_NOT_SCRUBBED;
		a->why = "the read was over before the write of this value began";
	} else if (c->config.split && possible_if(c, p, WHAT_IF_EITHER)) {
		a->why = "the value is in the other copy of the page: no conversion brings it here";
	} else if (parts->reset && !parts->zero) {
		a->why = "the reset was over before the read began, and began when the value was there";
	} else if (parts->reset && !parts->exchange && possible_if(c, p, WHAT_IF_ZERO)) {
		a->why = "the word had become zero, and a value from before that came back";
	} else if (parts->zero && !parts->exchange) {
		/* It is the zero that should not have been there. */
		zero_explain(parts, a);
	} else {
		a->cls = VERDICT_LOST_WRITE;
		a->why = parts->same_taken ?
			"two exchanges found the same value: what one left is lost" :
			!parts->plain ? "each of these exchanges needs another to come first" :
			parts->last_taken ?
			"an exchange had replaced the value: later it cannot be there" :
			"another value was there in between, and nothing wrote this one again";
	}
}

void proof_explain(struct checker *c, const struct impossible *p, struct anomaly *a)
{
	const struct parts parts = parts_see(c, p);

	/* Not where another value would explain it as well, unless the write of it was refused. */
	if (!c->config.split && possible_if(c, p, WHAT_IF_OPEN) &&
	    (parts.refused || !possible_if(c, p, WHAT_IF_ANYTHING))) {
		a->cls = VERDICT_PERMISSION;
		a->why = p->last != NONE && parts.refused ?
			"the page was not open to this side: the write was refused, yet it happened" :
			"the page was not open to this side";
	} else if (p->last == NONE) {
		a->why = "no order of what was done explains it";
	} else if (is_unknown(c, &c->cell.a[p->last])) {
		unknown_explain(c, p, a);
	} else if (!c->cell.a[p->last].value) {
		zero_explain(&parts, a);
	} else {
		value_explain(c, p, &parts, a);
	}
}
