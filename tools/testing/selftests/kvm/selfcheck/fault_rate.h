/* SPDX-License-Identifier: GPL-2.0-only */
/* Of the faults that are proved by what was read, how many does the checker notice? */
#ifndef FAULT_RATE_H
#define FAULT_RATE_H

#include "history_sim.h"

enum fault_place { PLACE_ONE_COPY, PLACE_SPLIT, PLACE_HOSTS_CONVERT, PLACES };

struct fault_rate {
	uint64_t histories;	/* in which the fault happened */
	uint64_t provable;	/* of those, impossible by the search */
	uint64_t noticed;	/* of those, by the checker */
	uint64_t wrong;		/* noticed, but legal by the search */
	uint64_t unproven;	/* noticed, with a witness that is legal by itself */
};

const char *fault_place_name(enum fault_place place);
/* What is asked for, in percent of all that is provable in this place. */
unsigned int fault_place_floor(enum fault_place place);
/* Is there anything that this fault could do there? */
bool fault_place_has(enum fault_place place, enum sim_fault fault);
/* Measure over this many histories, from a seed on. */
struct fault_rate fault_rate_measure(enum fault_place place, enum sim_fault fault,
				     uint64_t seed, uint64_t histories);

#endif /* FAULT_RATE_H */
