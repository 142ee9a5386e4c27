// SPDX-License-Identifier: GPL-2.0-only
#include <sched.h>
#include <string.h>
#include "fuzzy_sync.h"
#include "verdict.h"

/* Races without any delay at first, to have durations to start from. */
#define WARM_UP		16
/* A duration counts as at most so many times the usual one: a preempted side is no measure. */
#define OUTLIER		4
/* The weight of a new duration, and of what a race says about the lag: 1 / 2^n. */
#define SMOOTH		3

void fuzzy_yield(void)
{
	verdict_progress();
	sched_yield();
}

void fuzzy_sync_init(struct fuzzy_sync *f, struct fuzzy_gate *gate, uint64_t seed)
{
	memset(f, 0, sizeof(*f));
	f->gate = gate;
	f->prng.state = seed;
}

static void give_turn(struct fuzzy_sync *f, unsigned int k, uint32_t command, bool meet,
		      uint64_t delay)
{
	struct fuzzy_side *side = &f->gate->side[k];

	side->command = command;
	side->meet = meet;
	side->delay = delay;
	__atomic_store_n(&side->turn, f->turn, __ATOMIC_RELEASE);
}

void fuzzy_alone(struct fuzzy_sync *f, unsigned int k, uint32_t command)
{
	f->turn++;
	give_turn(f, k, command, false, 0);
}

/* Evenly from (-t1, t0); 0 until the durations are known. */
static int64_t draw_offset(struct fuzzy_sync *f)
{
	uint64_t range = f->duration[0] + f->duration[1];

	if (f->races < WARM_UP || !range)
		return 0;
	return (int64_t)(((prng_next(&f->prng) >> 32) * range) >> 32) - f->duration[1];
}

void fuzzy_aim(struct fuzzy_sync *f, uint32_t command0, uint32_t command1)
{
	int64_t late;	/* of side 1 */

	f->offset = draw_offset(f);
	late = f->races < WARM_UP ? 0 : f->offset - f->lag;
	f->turn++;
	give_turn(f, 0, command0, true, late < 0 ? -late : 0);
	give_turn(f, 1, command1, true, late > 0 ? late : 0);
}

bool fuzzy_await(struct fuzzy_sync *f, unsigned int k)
{
	struct fuzzy_side *side = &f->gate->side[k];

	return fuzzy_spin(f->gate, &side->done, side->turn, fuzzy_yield);
}

static void learn_duration(struct fuzzy_sync *f, unsigned int k)
{
	int64_t took = f->gate->side[k].cycles, *usual = &f->duration[k];

	if (!*usual)
		*usual = took;
	if (took > OUTLIER * *usual)
		took = OUTLIER * *usual;
	*usual += (took - *usual) >> SMOOTH;
}

/*
 * Only orders are known.  Who was to begin second and began first was off by the offset
 * at least; who missed the other altogether by more than that.
 */
static void learn_lag(struct fuzzy_sync *f)
{
	const struct fuzzy_side *a = &f->gate->side[0], *b = &f->gate->side[1];
	int64_t both = f->duration[0] + f->duration[1];

	if (f->offset > 0 ? b->begin < a->begin : a->begin < b->begin)
		f->lag -= f->offset >> SMOOTH;
	if (a->end < b->begin)
		f->lag += both >> SMOOTH;
	else if (b->end < a->begin)
		f->lag -= both >> SMOOTH;
}

bool fuzzy_learn(struct fuzzy_sync *f)
{
	bool overlap = fuzzy_overlap(f->gate);

	learn_duration(f, 0);
	learn_duration(f, 1);
	learn_lag(f);
	f->races++;
	f->overlaps += overlap;
	return overlap;
}

void fuzzy_close(struct fuzzy_sync *f)
{
	__atomic_store_n(&f->gate->stop, 1, __ATOMIC_RELEASE);
}
