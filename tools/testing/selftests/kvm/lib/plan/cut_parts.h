/* SPDX-License-Identifier: GPL-2.0-only */
/* What can be left out of a plan, for minimise.c: each row counts its items and cuts some. */
#ifndef MINIMISE_CUT_H
#define MINIMISE_CUT_H

#include "plan/plan.h"

struct minimise_cut {
	const char *name;	/* of the phase, for people */
	unsigned int finest;	/* cut no less than this part of the items: 1 / finest; 0: one */
	bool all;		/* cutting all items at once may leave something that fails */
	uint32_t (*items)(const struct plan *plan);
	/* Edit a copy of the plan: without items [first, first + count). */
	void (*cut)(struct plan *plan, uint32_t first, uint32_t count);
};

extern const struct minimise_cut minimise_cuts[];	/* ends with a NULL name */

/* Actors that have anything to do. */
uint32_t minimise_busy(const struct plan *plan);

#endif /* MINIMISE_CUT_H */
