// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include "harness/fault_guard.h"
#include "harness/nodes.h"
#include "harness/verdict.h"
#include "machine/host_actor.h"

static void actor_run(void *arg)
{
	struct host_actor *h = arg;

	watch_run(h->watch, &h->stop);
}

static void *actor_thread(void *arg)
{
	struct host_actor *h = arg;

	if (h->cpu >= 0)
		nodes_pin(h->cpu);
	h->signal = guarded_call(actor_run, h, NULL);
	return NULL;
}

struct host_actor *host_actor_start(struct watch *w, int cpu)
{
	struct host_actor *h = calloc(1, sizeof(*h));

	verdict_require(h, "out of memory");
	h->watch = w;
	h->cpu = cpu;
	if (pthread_create(&h->thread, NULL, actor_thread, h))
		verdict_fail(VERDICT_SETUP, "cannot start a host thread");
	return h;
}

int host_actor_join(struct host_actor *h)
{
	int signal;

	__atomic_store_n(&h->stop, 1, __ATOMIC_RELEASE);
	pthread_join(h->thread, NULL);
	signal = h->signal;
	free(h);
	return signal;
}
