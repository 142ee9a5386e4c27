// SPDX-License-Identifier: GPL-2.0-only
#include <sched.h>
#include <string.h>
#include <time.h>
#include "aim/fuzzy_sync.h"

/* Races without any delay at first, to have durations to start from. */
#define WARM_UP		16
/* A race moves a usual duration, or the lag, by 1 / 2^n of a duration or an offset. */
#define SMOOTH		4

/* So many races in a row start alike; one of so many such blocks tries the other start. */
#define BLOCK		8
#define EXPLORE		6

/* How often the CPU is offered to others before it idles. */
#define YIELDS		50

bool fuzzy_yield(uint32_t spins)
{
	static const struct timespec idle = { .tv_nsec = 10000 };

	if (spins < FUZZY_LATE + YIELDS)
		sched_yield();
	else
		nanosleep(&idle, NULL);
	return true;
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
	f->began = cycles_now();
	late = f->races < WARM_UP ? 0 : f->offset - f->lag[f->start];
	f->turn++;
	give_turn(f, 0, command0, f->start == FUZZY_MEET, late < 0 ? -late : 0);
	give_turn(f, 1, command1, f->start == FUZZY_MEET, late > 0 ? late : 0);
}

void fuzzy_let(struct fuzzy_sync *f, uint32_t command0, uint32_t command1)
{
	f->turn++;
	give_turn(f, 0, command0, false, 0);
	give_turn(f, 1, command1, false, 0);
}

bool fuzzy_await(struct fuzzy_sync *f, unsigned int k)
{
	struct fuzzy_side *side = &f->gate->side[k];

	return fuzzy_spin(f->gate, &side->done, side->turn, fuzzy_yield);
}

/*
 * The usual duration is the shortest one at first, then the median: how much too long the
 * duration of a side that was preempted is makes no difference to it.
 */
static void learn(const struct fuzzy_sync *f, int64_t *usual, int64_t took)
{
	int64_t step = (*usual >> SMOOTH) + 1;

	/* KVM on arm64 sets the counter back when it creates a vCPU: kvm_timer_vcpu_init(). */
	if (took < 0)
		return;
	if (!*usual || (f->races < WARM_UP && took < *usual))
		*usual = took;
	else if (f->races >= WARM_UP)
		*usual += took > *usual + step ? step : took < *usual - step ? -step : 0;
}

/*
 * Only orders are known.  A side that was to begin second and began first was off by the
 * offset at least; a side that missed the other one altogether was off by more than that.
 */
static void learn_lag(struct fuzzy_sync *f)
{
	const struct fuzzy_side *a = &f->gate->side[0], *b = &f->gate->side[1];
	int64_t both = f->duration[0] + f->duration[1], *lag = &f->lag[f->start];

	if (f->offset > 0 ? b->begin < a->begin : a->begin < b->begin)
		*lag -= f->offset >> SMOOTH;
	if (a->end < b->begin)
		*lag += both >> SMOOTH;
	else if (b->end < a->begin)
		*lag -= both >> SMOOTH;
}

/* At the end of each block of races: the start that has paid, or, now and then, the other. */
static void choose_start(struct fuzzy_sync *f, bool overlap)
{
	uint64_t now = cycles_now(), took = now - f->block;

	f->block_overlaps += overlap;
	if (f->races % BLOCK || !f->may_wake)
		return;
	if (f->block && took)
		f->yield[f->start] = (f->yield[f->start] +
				      (f->block_overlaps << 40) / took) / 2;
	f->start = f->yield[FUZZY_WAKE] > f->yield[FUZZY_MEET] ? FUZZY_WAKE : FUZZY_MEET;
	if (f->races / BLOCK % EXPLORE == 1)
		f->start = !f->start;
	f->block = now;
	f->block_overlaps = 0;
}

bool fuzzy_learn(struct fuzzy_sync *f)
{
	bool overlap = fuzzy_overlap(f->gate);
	int64_t elapsed = cycles_now() - f->began;

	learn(f, &f->duration[0], f->gate->side[0].cycles);
	learn(f, &f->duration[1], f->gate->side[1].cycles);
	/* In the slower half some side was preempted: such a race says nothing about the lag. */
	learn(f, &f->elapsed, elapsed);
	if (elapsed <= f->elapsed)
		learn_lag(f);
	f->races++;
	f->overlaps += overlap;
	choose_start(f, overlap);
	return overlap;
}

void fuzzy_close(struct fuzzy_sync *f)
{
	__atomic_store_n(&f->gate->stop, 1, __ATOMIC_RELEASE);
}
