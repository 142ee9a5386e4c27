/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a read can surely not have returned, by looking at everything that ever happened:
 * for each source of the value that began before the read ended, something definite lies
 * wholly between the two.  Written without regard to speed or to how the checker does it.
 */
#ifndef HISTORY_PAST_H
#define HISTORY_PAST_H

#include "history_sim.h"

#define PAST_MAX	20000

struct past {
	struct event event[PAST_MAX];
	unsigned int count;
	const struct sim *sim;
};

/* Add what is in the logs of the simulation. */
void past_add(struct past *p, const struct sim *s);

/* May the read have returned @value, for all that anybody can tell? */
bool past_explains(const struct past *p, const struct event *r, uint64_t value);

#endif /* HISTORY_PAST_H */
