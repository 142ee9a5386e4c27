/* SPDX-License-Identifier: GPL-2.0-only */
/* What is left out of a word's history, and what stays: prove.c decides, proof.c shows it. */
#ifndef PROVE_PARTS_H
#define PROVE_PARTS_H

#include "oracle/anomaly_parts.h"
#include "oracle/search_parts.h"

/* What is to be left out, if it may be: the word's accesses, then the page's operations. */
struct parts_out {
	uint8_t *wish;
	uint32_t accesses, ops;
};

static inline const struct event *op_of(const struct checker *c, uint32_t i)
{
	return &c->op[c->page_op[c->page_op_start[c->view.page] + i]];
}

static inline bool is_exchange(const struct access *a)
{
	return a->kind == EVENT_READ && a->flags & EVENT_ATOMIC;
}

/* Of an exchange, the read stands for both. */
static inline bool is_second(const struct access *a)
{
	return a->kind == EVENT_WRITE && a->flags & EVENT_ATOMIC;
}

/* The value that an access left; NULL: none. */
static inline struct cluster *left_by(const struct checker *c, const struct access *a)
{
	if (is_exchange(a))
		a++;
	return a->kind == EVENT_WRITE ? cluster_find(&c->cell, a->value) : NULL;
}

/* From what is wished to be left out, what can be: checker.search.out, and clusters seen. */
void out_settle(const struct checker *c, const struct parts_out *p);
/* Make the word's anomaly of what stays; it was impossible at this ticket. */
void proof_build(struct checker *c, const struct parts_out *p, uint64_t until);

#endif /* PROVE_PARTS_H */
