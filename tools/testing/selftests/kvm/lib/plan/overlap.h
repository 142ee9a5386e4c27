/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which operations of a plan really met: at the same time, in tickets, on the same page,
 * by different actors.  The proof that a stress run exercised what it was made for.
 */
#ifndef OVERLAP_H
#define OVERLAP_H

#include "plan/plan.h"

struct overlap {
	uint64_t ops[PLAN_KINDS];			/* carried out */
	uint64_t met[PLAN_KINDS][PLAN_KINDS];		/* [a][b], a <= b */
	uint64_t total;					/* sum of @met */
};

/**
 * overlap_add() - count what met in one round
 * @o: sums, raised
 * @plan: what was executed
 * @spans: for each actor, when each operation of its list was carried out
 *
 * Two operations meet if neither ended before the other began and their pages intersect.
 * One that concerns no pages, a signal, meets whatever runs at the time.
 */
void overlap_add(struct overlap *o, const struct plan *plan, struct plan_span *const *spans);

/**
 * overlap_merge() - add up sums
 * @to: raised
 * @from: added
 */
void overlap_merge(struct overlap *to, const struct overlap *from);

/**
 * overlap_describe() - what one kind of operation met, in words
 * @o: sums
 * @kind: the kind
 * @text: "punch 120: met read 31, write 20"; empty if there was no such operation
 * @size: of @text
 */
void overlap_describe(const struct overlap *o, unsigned int kind, char *text, size_t size);

#endif /* OVERLAP_H */
