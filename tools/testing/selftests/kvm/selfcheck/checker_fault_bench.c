// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which share of the faults that what was read proves does the checker notice?
 *
 *	checker_fault_bench [HISTORIES]
 */
#include <stdio.h>
#include <stdlib.h>
#include "fault_rate.h"

#define HISTORIES	20000

int main(int argc, char **argv)
{
	const uint64_t histories = argc > 1 ? strtoull(argv[1], NULL, 10) : HISTORIES;
	unsigned int place, fault;

	for (place = 0; place < PLACES; place++) {
		uint64_t provable = 0, noticed = 0;

		for (fault = 0; fault < FAULTS; fault++) {
			struct fault_rate r;

			if (!fault_place_has(place, fault))
				continue;
			r = fault_rate_measure(place, fault, 0, histories);
			printf("%s, %s: %llu happened, %llu proved by what was read, %llu of those noticed (%.1f %%)\n",
			       fault_place_name(place), sim_fault_name(fault),
			       (unsigned long long)r.histories, (unsigned long long)r.provable,
			       (unsigned long long)r.noticed, 100.0 * r.noticed / r.provable);
			provable += r.provable;
			noticed += r.noticed;
		}
		printf("%s: %.2f %% of all that is proved, at least %u %% asked\n",
		       fault_place_name(place), 100.0 * noticed / provable,
		       fault_place_floor(place));
	}
	return 0;
}
