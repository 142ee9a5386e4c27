// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include "fault_rate.h"
#include "small_history.h"

const char *fault_place_name(enum fault_place place)
{
	static const char *const names[PLACES] = {
		"in place", "split", "split, hosts convert beside each other",
	};

	return names[place];
}

unsigned int fault_place_floor(enum fault_place place)
{
	static const unsigned int floors[PLACES] = { 98, 95, 90 };

	return floors[place];
}

bool fault_place_has(enum fault_place place, enum sim_fault fault)
{
	switch (fault) {
	case FAULT_NONE:
		return false;
	case FAULT_OTHER_COPY:
		return place != PLACE_ONE_COPY;
	case FAULT_RESET_SKIPPED:
		return place != PLACE_HOSTS_CONVERT;
	default:
		return true;
	}
}

static struct sim_shape place_shape(struct prng *prng, enum fault_place place)
{
	struct sim_shape shape = small_shape(prng);

	shape.undefined[0] = shape.undefined[1] = false;
	shape.sequence = 0;
	shape.sides = false;
	shape.exchanges = true;
	shape.split = place != PLACE_ONE_COPY;
	shape.converts = true;
	shape.resets = place != PLACE_HOSTS_CONVERT;
	shape.hosts_convert = place == PLACE_HOSTS_CONVERT;
	if (shape.hosts_convert)
		shape.actors = 4;
	return shape;
}

struct fault_rate fault_rate_measure(enum fault_place place, enum sim_fault fault,
				     uint64_t seed, uint64_t histories)
{
	struct fault_rate r = { 0 };
	static struct small h;
	uint64_t i;

	for (i = 0; i < histories; i++) {
		struct prng prng = { seed + i };
		const struct sim_shape shape = place_shape(&prng, place);
		enum reference_answer answer;

		small_make(&h, &prng, &shape, 1 + prng_below(&prng, SMALL_WINDOWS), fault);
		if (!h.sim.faulty)
			continue;
		r.histories++;
		answer = small_search(&h);
		if (answer == REFERENCE_TOO_BIG)
			continue;
		small_check(&h);
		if (answer == REFERENCE_IMPOSSIBLE) {
			r.provable++;
			r.noticed += h.found != 0;
		} else {
			r.wrong += h.found != 0;
		}
		r.unproven += h.found && small_prove(&h) == REFERENCE_LEGAL;
		if (getenv("CHECKER_MISSED") && answer == REFERENCE_IMPOSSIBLE && !h.found)
			small_show(&h);
	}
	return r;
}
