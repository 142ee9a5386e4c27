// SPDX-License-Identifier: GPL-2.0-only
/*
 * How fast a pfncache is used and refreshed, with and without somebody who keeps pulling its
 * page away by mapping another one over it.  A measure of the tests as much as of KVM: a race is
 * as good as the number of times that it takes place.
 */
#include <pthread.h>
#include <string.h>
#include "abi/array.h"
#include "harness/clock.h"
#include "harness/nodes.h"
#include "harness/runner.h"
#include "pfncache/window.h"

struct bench {
	struct window w;
	uint32_t token;
	uint32_t stop;
	uint64_t pulls;		/* of the other thread */
};

static void use(struct bench *b)
{
	b->token = b->token % PFNCACHE_TOKENS + 1;
	b->w.kind->use(&b->w.p, b->token);
}

static void pull(struct bench *b)
{
	window_pull(&b->w);
}

static void pull_and_use(struct bench *b)
{
	pull(b);
	use(b);
}

/* Calls per second. */
static double rate(struct bench *b, void (*fn)(struct bench *b), double seconds)
{
	double start = clock_seconds();
	uint64_t n;

	for (n = 0; clock_seconds() - start < seconds; n++) {
		fn(b);
		verdict_progress();
	}
	return n / (clock_seconds() - start);
}

static void *pull_thread(void *arg)
{
	struct bench *b = arg;

	nodes_pin(1);
	while (!__atomic_load_n(&b->stop, __ATOMIC_RELAXED)) {
		pull(b);
		b->pulls++;
	}
	return NULL;
}

static void bench(const struct run *run)
{
	double uses, pulls, pairs, beside, start;
	struct bench b = { .token = 0 };
	pthread_t thread;

	if (!window_open(&b.w, run->arg, invalidator_find("remap")))
		verdict_skip("no such cache in this kernel");
	nodes_pin(0);
	uses = rate(&b, use, run->duration);
	pulls = rate(&b, pull, run->duration);
	pairs = rate(&b, pull_and_use, run->duration);
	start = clock_seconds();
	verdict_require(!pthread_create(&thread, NULL, pull_thread, &b), "thread");
	beside = rate(&b, use, run->duration);
	__atomic_store_n(&b.stop, 1, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	verdict_note("per second: %.0f uses, %.0f invalidations, %.0f of both in turn; beside each other %.0f uses and %.0f invalidations",
		     uses, pulls, pairs, beside, b.pulls / (clock_seconds() - start));
	window_close(&b.w);
}

#define BENCH(n)	bench, &pfncache_kinds[n]

static const struct subtest subtests[] = {
	{ "bench/pv-time", "kvmclock", BENCH(0) },
	{ "bench/vcpu-info", "Xen's vcpu_info", BENCH(2) },
	{ "bench/vcpu-time", "Xen's vcpu_time_info", BENCH(4) },
	{ "bench/shared-info", "Xen's shared_info by gfn", BENCH(5) },
	{ "bench/shared-info-hva", "the same by host address", BENCH(6) },
	{ "bench/runstate", "Xen's runstate area across two pages", BENCH(7) },
};

TEST_PROGRAM("pfncache_bench", subtests, .iterations = 1, .duration = 1)
