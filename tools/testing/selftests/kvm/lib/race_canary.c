// SPDX-License-Identifier: GPL-2.0-only
#include <sched.h>
#include <stdlib.h>
#include <time.h>
#include "canary.h"
#include "nodes.h"
#include "race_canary.h"
#include "race_round.h"
#include "verdict.h"

/* Nanoseconds between two of its turns, at most, and looks in a turn. */
#define PAUSE	150000
#define LOOKS	16

struct race_canary {
	struct race *race;
	struct canary *pages;
	pthread_t thread;
	struct prng prng;
	bool wanted;		/* in this round */
	uint32_t stop, armed;
};

static void take_and_look(struct race_canary *c)
{
	uint64_t value = 0;
	unsigned int look;

	canary_catch(c->pages);
	for (look = 0; look < LOOKS; look++)
		if (canary_check(c->pages, &value))
			race_fail(c->race, VERDICT_STALE_MAPPING,
				  "a page was given to somebody else, who found %#llx written to it",
				  (unsigned long long)value);
	canary_release(c->pages);
}

static void *canary_thread(void *arg)
{
	struct race_canary *c = arg;

	nodes_pin(0);
	while (!__atomic_load_n(&c->stop, __ATOMIC_RELAXED)) {
		const struct timespec pause = { .tv_nsec = prng_below(&c->prng, PAUSE) };

		nanosleep(&pause, NULL);
		if (__atomic_load_n(&c->armed, __ATOMIC_ACQUIRE))
			take_and_look(c);
	}
	return NULL;
}

/* A vCPU on the other CPU writes; the caller's operation frees. */
static bool wanted(const struct race *r)
{
	const struct race_side *a = r->side[0], *b = r->side[1];
	const struct race_side *guest = a->guest ? a : b, *host = a->guest ? b : a;

	return guest->guest && !host->guest && guest->kind != PLAN_READ &&
	       host->flags & RACE_FREES && !r->naive && !r->alone;
}

struct race_canary *race_canary_start(struct race *r)
{
	const struct sched_param first = { .sched_priority = 1 };
	struct race_canary *c;
	struct canary *pages;

	if (!wanted(r))
		return NULL;
	pages = canary_catcher(1);
	if (!pages)
		return NULL;
	c = calloc(1, sizeof(*c));
	verdict_require(c, "out of memory");
	c->race = r;
	c->pages = pages;
	c->prng.state = prng_next(&r->prng);
	verdict_require(!pthread_create(&c->thread, NULL, canary_thread, c), "thread");
	if (pthread_setschedparam(c->thread, SCHED_FIFO, &first)) {
		race_canary_stop(c);
		return NULL;
	}
	return c;
}

bool race_canary_round(struct race_canary *c)
{
	if (!c)
		return false;
	c->wanted = prng_below(&c->race->prng, 2);
	return c->wanted;
}

void race_canary_arm(struct race_canary *c, bool armed)
{
	if (c)
		__atomic_store_n(&c->armed, armed && c->wanted, __ATOMIC_RELEASE);
}

void race_canary_stop(struct race_canary *c)
{
	if (!c)
		return;
	__atomic_store_n(&c->stop, 1, __ATOMIC_RELAXED);
	pthread_join(c->thread, NULL);
	canary_destroy(c->pages);
	free(c);
}
