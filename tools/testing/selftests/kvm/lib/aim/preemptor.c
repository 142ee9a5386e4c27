// SPDX-License-Identifier: GPL-2.0-only
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <time.h>
#include "abi/prng.h"
#include "aim/preemptor.h"
#include "harness/clock.h"
#include "harness/nodes.h"
#include "harness/verdict.h"

/* The longest pause between two turns, and the longest turn, nanoseconds. */
#define PAUSE		2000000
#define TURN		500000
#define THREADS_MAX	16

struct preemptor_thread {
	struct preemptor *all;
	struct prng prng;
	pthread_t thread;
};

struct preemptor {
	struct preemptor_thread threads[THREADS_MAX];
	int count;
	uint32_t stop;
};

static void *take_turns(void *arg)
{
	struct preemptor_thread *p = arg;

	while (!__atomic_load_n(&p->all->stop, __ATOMIC_RELAXED)) {
		const struct timespec pause = { .tv_nsec = prng_below(&p->prng, PAUSE) };
		uint64_t end;

		nodes_pin(prng_below(&p->prng, nodes_cpus()));
		nanosleep(&pause, NULL);
		end = clock_ns() + prng_below(&p->prng, TURN);
		while (clock_ns() < end)
			;
	}
	return NULL;
}

struct preemptor *preemptor_start(uint64_t seed)
{
	const struct sched_param first = { .sched_priority = 1 };
	struct preemptor *p = calloc(1, sizeof(*p));
	int i, wanted = nodes_cpus() < THREADS_MAX ? nodes_cpus() : THREADS_MAX;

	verdict_require(p, "out of memory");
	for (i = 0; i < wanted; i++) {
		struct preemptor_thread *t = &p->threads[i];

		t->all = p;
		t->prng.state = seed + i;
		if (pthread_create(&t->thread, NULL, take_turns, t))
			verdict_fail(VERDICT_SETUP, "cannot start a thread");
		p->count++;
		if (pthread_setschedparam(t->thread, SCHED_FIFO, &first)) {
			preemptor_stop(p);
			return NULL;
		}
	}
	return p;
}

void preemptor_stop(struct preemptor *p)
{
	int i;

	if (!p)
		return;
	__atomic_store_n(&p->stop, 1, __ATOMIC_RELAXED);
	for (i = 0; i < p->count; i++)
		pthread_join(p->threads[i].thread, NULL);
	free(p);
}
