// SPDX-License-Identifier: GPL-2.0-only
/*
 * Overlaps, and hits of a planted window, per second: aimed, and as tests usually race two
 * threads, which wake each other for every attempt.
 */
#include <stdio.h>
#include "harness/clock.h"
#include "planted_window.h"

#define SECONDS	2.0

struct result {
	const char *name;
	double attempts, overlaps, hits;	/* per second */
};

static pthread_barrier_t barrier;
static uint32_t stop;

static void report(struct result *r, double start, uint64_t attempts, uint64_t overlaps,
		   uint64_t hits)
{
	double seconds = clock_seconds() - start;

	r->attempts = attempts / seconds;
	r->overlaps = overlaps / seconds;
	r->hits = hits / seconds;
	printf("%-6s %9.0f attempts/s, %9.0f overlaps/s, %7.0f hits/s\n", r->name, r->attempts,
	       r->overlaps, r->hits);
}

static void aimed(struct result *r)
{
	struct planted p = { 0 };
	double start = clock_seconds();
	struct fuzzy_sync f;
	pthread_t thread;

	fuzzy_sync_init(&f, &p.gate, 1);
	pthread_create(&thread, NULL, planted_thread, &p);
	while (clock_seconds() - start < SECONDS)
		planted_race(&p, &f);
	report(r, start, f.races, f.overlaps, p.hits);
	fuzzy_close(&f);
	pthread_join(thread, NULL);
}

static void *naive_thread(void *arg)
{
	struct planted *p = arg;

	for (;;) {
		pthread_barrier_wait(&barrier);
		if (stop)
			return NULL;
		planted_step(p, 1);
		pthread_barrier_wait(&barrier);
	}
}

static void naive(struct result *r)
{
	uint64_t attempts = 0, overlaps = 0;
	struct planted p = { 0 };
	double start = clock_seconds();
	pthread_t thread;

	pthread_barrier_init(&barrier, NULL, 2);
	pthread_create(&thread, NULL, naive_thread, &p);
	while (clock_seconds() - start < SECONDS) {
		pthread_barrier_wait(&barrier);
		planted_step(&p, 0);
		pthread_barrier_wait(&barrier);
		attempts++;
		overlaps += fuzzy_overlap(&p.gate);
	}
	stop = 1;
	pthread_barrier_wait(&barrier);
	pthread_join(thread, NULL);
	report(r, start, attempts, overlaps, p.hits);
}

int main(void)
{
	struct result a = { .name = "aimed" }, n = { .name = "naive" };

	naive(&n);
	aimed(&a);
	printf("aimed : naive %.1f overlaps, %.1f hits\n", a.overlaps / n.overlaps,
	       n.hits ? a.hits / n.hits : 0);
	return a.overlaps < 3 * n.overlaps;
}
