// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events of a Xen vCPU's timer.  It fires from an interrupt, which cannot refresh a pfncache: if
 * the page was pulled away, the event is left to the vCPU, and must not be lost on the way.
 */
#include <pthread.h>
#include <string.h>
#include "abi/array.h"
#include "harness/known_issues.h"
#include "harness/nodes.h"
#include "harness/runner.h"
#include "pfncache/event.h"

typedef void (*disturb_fn)(struct event_vm *e, unsigned int n);

/* The thread that pulls the page away. */
struct disturber {
	struct event_vm *e;
	disturb_fn disturb;
	pthread_t thread;
	unsigned int begun, done;
	bool stop;
};

static void *disturb_thread(void *arg)
{
	struct disturber *d = arg;

	nodes_pin(1);
	while (!__atomic_load_n(&d->stop, __ATOMIC_RELAXED)) {
		unsigned int n = __atomic_fetch_add(&d->begun, 1, __ATOMIC_SEQ_CST);

		d->disturb(d->e, n);
		__atomic_fetch_add(&d->done, 1, __ATOMIC_SEQ_CST);
	}
	return NULL;
}

static void churn(struct event_vm *e, unsigned int n)
{
	(void)n;
	event_churn(e);
}

static void timer_once(struct event_vm *e, uint32_t port)
{
	int r = __event_send_timer(e, port);

	if (r)
		verdict_fail(VERDICT_ABI, "timer for port %u: %s", port, strerror(-r));
	event_await(e, port, true, event_pending, "due by timer, does not become pending");
	event_await(e, port, true, event_selected,
		    "is pending by timer, and vcpu_info does not say so");
	event_clear(e, port);
}

static void run_timer(const struct run *run)
{
	struct disturber d = { .disturb = *(const disturb_fn *)run->arg };
	uint64_t i, overlaps = 0;
	struct event_vm e;

	event_open(&e);
	d.e = &e;
	nodes_pin(0);
	verdict_require(!pthread_create(&d.thread, NULL, disturb_thread, &d), "thread");
	for (i = 0; i < run->iterations; i++) {
		unsigned int done = __atomic_load_n(&d.done, __ATOMIC_SEQ_CST);

		timer_once(&e, event_port(EVENT_TIMER, i));
		overlaps += __atomic_load_n(&d.begun, __ATOMIC_SEQ_CST) != done;
	}
	__atomic_store_n(&d.stop, true, __ATOMIC_RELAXED);
	pthread_join(d.thread, NULL);
	verdict_note("%s: %u times pulled away", run->id, d.done);
	verdict_exercised(i, overlaps);
	event_close(&e);
}

#define TIMER(fn)	run_timer, &(const disturb_fn){ fn }, &known_timer_lock

static const struct subtest subtests[] = {
	{ "timer/slots", "no event of a timer is lost while memslots change", TIMER(churn) },
	{ "timer/migrate", "no event of a timer is lost while the pages move between nodes",
	  TIMER(event_migrate) },
};

TEST_PROGRAM("pfncache_timer_test", subtests, .iterations = 400)
