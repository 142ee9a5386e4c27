/* SPDX-License-Identifier: GPL-2.0-only */
/* Random histories of one page, small enough for the search, and what the checker says of them. */
#ifndef SMALL_HISTORY_H
#define SMALL_HISTORY_H

#include "checker_reference.h"
#include "history_sim.h"

#define SMALL_EVENTS	64
#define SMALL_WINDOWS	2

struct small {
	struct sim sim;
	struct checker_config config;
	struct event event[SMALL_EVENTS];	/* by window and actor, as their logs have them */
	unsigned int count;
	unsigned int window_end[SMALL_WINDOWS];
	unsigned int windows;
	bool full;				/* there were more events than have room */
	unsigned int found;			/* anomalies of the window that has some first */
	struct anomaly anomaly;			/* the first of them */
};

/* What small_make() takes: one page, few words and actors. */
struct sim_shape small_shape(struct prng *prng);
/* Let memory of this shape run for so many windows, and do one thing wrong, or nothing. */
void small_make(struct small *h, struct prng *prng, const struct sim_shape *shape,
		unsigned int windows, enum sim_fault fault);
/* Ask the checker.  What came after the first window with an anomaly is dropped. */
void small_check(struct small *h);
/* Ask the search. */
enum reference_answer small_search(const struct small *h);
/* Ask the search about what the witness of the anomaly shows, and its sources, alone. */
enum reference_answer small_prove(const struct small *h);
/* For who looks at one: in text form. */
void small_show(const struct small *h);

#endif /* SMALL_HISTORY_H */
