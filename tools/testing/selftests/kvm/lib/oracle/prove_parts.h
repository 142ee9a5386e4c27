/* SPDX-License-Identifier: GPL-2.0-only */
/* What is left out of a word's history, and what stays: prove.c decides, proof.c shows it. */
#ifndef PROVE_PARTS_H
#define PROVE_PARTS_H

#include "oracle/anomaly_parts.h"
#include "oracle/search_parts.h"

static inline bool is_exchange(const struct access *a)
{
	return a->kind == EVENT_READ && a->flags & EVENT_ATOMIC;
}

/* Of an exchange, the read stands for both. */
static inline bool is_second(const struct access *a)
{
	return a->kind == EVENT_WRITE && a->flags & EVENT_ATOMIC;
}

/* Was the value neither there nor written? */
static inline bool is_unknown(const struct checker *c, const struct access *a)
{
	return a->value && !value_find(&c->cell, a->value);
}

/* The value that an access left; NULL: none. */
static inline struct value *left_by(const struct checker *c, const struct access *a)
{
	if (is_exchange(a))
		a++;
	return a->kind == EVENT_WRITE ? value_find(&c->cell, a->value) : NULL;
}

static inline bool stays(const struct checker *c, uint32_t access)
{
	return !c->search->out[access];
}

static inline bool op_stays(const struct checker *c, uint32_t op)
{
	return !c->search->out[c->cell.n + op];
}

/* It is impossible up to a ticket: with what stays, as it was. */
struct impossible {
	uint64_t until;
	uint32_t last;		/* the read that cannot be explained; NONE: no read stays */
};

/* Would there be an order if that read, or all accesses, had been otherwise? */
bool possible_if(struct checker *c, const struct impossible *p, enum what_if what);
/* Class and reason. */
void proof_explain(struct checker *c, const struct impossible *p, struct anomaly *a);
/* Add what stays to an anomaly.  Returns the read that cannot be explained, or NONE. */
uint32_t proof_say(struct checker *c, struct anomaly *a, uint64_t until);
/* Make the word's anomaly of what stays. */
void proof_build(struct checker *c, uint64_t until);

#endif /* PROVE_PARTS_H */
