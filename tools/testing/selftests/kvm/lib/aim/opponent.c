// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include "aim/opponent.h"
#include "harness/nodes.h"
#include "harness/verdict.h"

/* Side 0 is the caller, side 1 the thread. */
enum { CALLER, THREAD };

static void *opponent_thread(void *arg)
{
	struct opponent *o = arg;
	uint64_t turn = 0;

	nodes_pin(THREAD);
	while ((turn = fuzzy_wait(&o->gate, THREAD, turn, fuzzy_yield))) {
		fuzzy_begin(&o->gate, THREAD, fuzzy_yield);
		o->act(o->arg);
		fuzzy_end(&o->gate, THREAD);
		fuzzy_leave(&o->gate, THREAD);
	}
	return NULL;
}

void opponent_start(struct opponent *o, void (*act)(void *arg), void *arg, uint64_t seed)
{
	memset(o, 0, sizeof(*o));
	o->act = act;
	o->arg = arg;
	fuzzy_sync_init(&o->sync, &o->gate, seed);
	nodes_pin(CALLER);
	if (pthread_create(&o->thread, NULL, opponent_thread, o))
		verdict_fail(VERDICT_SETUP, "cannot start a thread");
}

void opponent_begin(struct opponent *o)
{
	fuzzy_aim(&o->sync, 0, 0);
	fuzzy_begin(&o->gate, CALLER, fuzzy_yield);
}

void opponent_end(struct opponent *o)
{
	fuzzy_end(&o->gate, CALLER);
	fuzzy_leave(&o->gate, CALLER);
}

bool opponent_wait(struct opponent *o)
{
	fuzzy_await(&o->sync, THREAD);
	return fuzzy_learn(&o->sync);
}

void opponent_alone(struct opponent *o)
{
	fuzzy_alone(&o->sync, THREAD, 0);
	fuzzy_await(&o->sync, THREAD);
}

void opponent_stop(struct opponent *o)
{
	fuzzy_close(&o->sync);
	pthread_join(o->thread, NULL);
	verdict_exercised(o->sync.races, o->sync.overlaps);
}
