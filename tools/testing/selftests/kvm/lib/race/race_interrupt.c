// SPDX-License-Identifier: GPL-2.0-only
#include <sched.h>
#include <semaphore.h>
#include <stdlib.h>
#include <time.h>
#include "harness/clock.h"
#include "harness/nodes.h"
#include "harness/verdict.h"
#include "machine/canary.h"
#include "race/interrupt_parts.h"
#include "race/round_parts.h"

/* Nanoseconds from one catch to the next, at most. */
#define PAUSE		150000
/* How long a side is held, at most: so often the time that both usually take. */
#define HOLD		4
/* Looks at a page that was caught. */
#define LOOKS		16

enum interrupt { INTERRUPT_NONE, INTERRUPT_HOLD, INTERRUPT_CATCH };

struct race_interrupt {
	struct race *race;
	struct canary *pages;	/* NULL: nothing to catch */
	pthread_t thread;
	struct prng prng;
	enum interrupt how;	/* in this round */
	unsigned int side;	/* that is interrupted */
	uint32_t pause;		/* nanoseconds until then, at most */
	sem_t go;
	uint32_t stop, armed;
	uint64_t began_ns;
	uint64_t began_cycles;
};

static void catch(struct race_interrupt *i)
{
	enum verdict_class cls = VERDICT_NONE;
	uint64_t value = 0;
	unsigned int look;

	canary_catch(i->pages);
	for (look = 0; look < LOOKS && cls != VERDICT_STALE_MAPPING; look++)
		cls = canary_check(i->pages, &value);
	if (cls != VERDICT_NONE)
		race_fail(i->race, cls, "a page was given to somebody else, who found %#llx %s",
			  (unsigned long long)value,
			  cls == VERDICT_NOT_SCRUBBED ? "in it" : "written to it");
	canary_release(i->pages);
}

/* Until the other side is over, unless it waits for this one. */
static void hold(const struct race_interrupt *i)
{
	const struct fuzzy_sync *sync = &i->race->sync;
	const struct fuzzy_side *other = &sync->gate->side[!i->side];
	const uint64_t turn = __atomic_load_n(&other->turn, __ATOMIC_ACQUIRE), now = cycles_now();
	const uint64_t limit = HOLD * (sync->duration[0] + sync->duration[1]);

	while (__atomic_load_n(&other->done, __ATOMIC_ACQUIRE) < turn &&
	       cycles_now() - now < limit)
		cycles_relax();
}

static bool armed(struct race_interrupt *i)
{
	return __atomic_load_n(&i->armed, __ATOMIC_ACQUIRE);
}

static void sleep_below(struct race_interrupt *i, uint32_t most)
{
	const struct timespec t = { .tv_nsec = prng_below(&i->prng, most) };

	nanosleep(&t, NULL);
}

static void *interrupt_thread(void *arg)
{
	struct race_interrupt *i = arg;

	while (!sem_wait(&i->go) && !__atomic_load_n(&i->stop, __ATOMIC_RELAXED)) {
		if (i->how == INTERRUPT_HOLD) {
			if (i->pause)
				sleep_below(i, i->pause);
			if (armed(i))
				hold(i);
			continue;
		}
		while (armed(i)) {
			sleep_below(i, PAUSE);
			if (armed(i))
				catch(i);
		}
	}
	return NULL;
}

/* A vCPU on the other CPU writes; the caller's operation frees. */
static bool catches(const struct race *r)
{
	const struct race_side *a = r->side[0], *b = r->side[1];
	const struct race_side *guest = a->guest ? a : b, *host = a->guest ? b : a;

	return guest->guest && !host->guest && guest->kind != PLAN_READ &&
	       host->race & RACE_FREES;
}

struct race_interrupt *race_interrupt_start(struct race *r)
{
	const struct sched_param first = { .sched_priority = 1 };
	struct race_interrupt *i;

	if (r->naive || r->alone)
		return NULL;
	i = calloc(1, sizeof(*i));
	verdict_require(i && !sem_init(&i->go, 0, 0), "out of memory");
	i->race = r;
	i->began_ns = clock_ns();
	i->began_cycles = cycles_now();
	i->prng.state = prng_next(&r->prng);
	if (catches(r))
		i->pages = canary_catcher(1);
	verdict_require(!pthread_create(&i->thread, NULL, interrupt_thread, i), "thread");
	if (pthread_setschedparam(i->thread, SCHED_FIFO, &first)) {
		race_interrupt_stop(i);
		return NULL;
	}
	return i;
}

bool race_interrupt_round(struct race_interrupt *i)
{
	struct race *r;

	if (!i)
		return false;
	r = i->race;
	i->how = i->pages && prng_below(&r->prng, 2) ? INTERRUPT_CATCH :
		 prng_below(&r->prng, 2) ? INTERRUPT_HOLD : INTERRUPT_NONE;
	i->side = prng_below(&r->prng, 2);
	if (i->how == INTERRUPT_CATCH)
		i->side = r->side[0]->guest;
	if (i->how != INTERRUPT_NONE)
		nodes_pin_thread(i->thread, race_cpu(r, i->side));
	return i->how == INTERRUPT_CATCH;
}

/* Nanoseconds that so many cycles take on this machine, no more than PAUSE. */
static uint32_t nanoseconds(const struct race_interrupt *i, int64_t cycles)
{
	const double rate = (clock_ns() - i->began_ns + 0.0) /
			    (cycles_now() - i->began_cycles + 1.0);

	return cycles * rate < PAUSE ? cycles * rate : PAUSE;
}

void race_interrupt_arm(struct race_interrupt *i, bool armed)
{
	const struct race *r = i ? i->race : NULL;

	if (!i || i->how == INTERRUPT_NONE)
		return;
	__atomic_store_n(&i->armed, armed, __ATOMIC_RELEASE);
	if (!armed || (i->how == INTERRUPT_HOLD && !(r->side[0]->guest && r->side[1]->guest)))
		return;
	/* Two vCPUs tell nobody when they begin. */
	i->pause = 1 + nanoseconds(i, r->sync.elapsed);
	sem_post(&i->go);
}

void race_interrupt_begin(struct race_interrupt *i, unsigned int k)
{
	const struct race *r = i ? i->race : NULL;

	if (!i || i->how != INTERRUPT_HOLD || !armed(i))
		return;
	if (k == i->side && !r->side[!k]->guest)
		return;
	i->pause = k == i->side ? 1 + nanoseconds(i, r->sync.duration[k]) : 0;
	sem_post(&i->go);
}

void race_interrupt_stop(struct race_interrupt *i)
{
	if (!i)
		return;
	__atomic_store_n(&i->stop, 1, __ATOMIC_RELAXED);
	sem_post(&i->go);
	pthread_join(i->thread, NULL);
	if (i->pages)
		canary_destroy(i->pages);
	sem_destroy(&i->go);
	free(i);
}
