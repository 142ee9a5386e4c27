// SPDX-License-Identifier: GPL-2.0-only
/* SCHEDOP_poll, which looks at event channel bits through a pfncache before it sleeps. */
#include <sched.h>
#include <sys/mman.h>
#include "clock.h"
#include "runner.h"
#include "x86/event.h"

/* Wait for a posted poll; one that sleeps on is woken by the sub-test's end. */
static void await_poll(struct event_vm *e, const char *what)
{
	double end = clock_seconds() + EVENT_LOST;

	while (__atomic_load_n(&e->agent->state, __ATOMIC_ACQUIRE) == AGENT_THREAD_BUSY) {
		if (clock_seconds() > end)
			event_lost(e, event_port(EVENT_POLL, 0), what);
		sched_yield();
	}
	if (agent_wait(e->agent)->value)
		verdict_fail(VERDICT_ABI, "SCHEDOP_poll: %lld, expected 0",
			     (long long)agent_wait(e->agent)->value);
	verdict_progress();
}

/* The page that KVM knew, where the port is not pending, has been replaced by one where it is. */
static void poll_replaced(const struct run *run)
{
	const uint32_t port = event_port(EVENT_POLL, 0);
	struct event_vm e;
	uint64_t i;

	event_open(&e);
	for (i = 0; i < run->iterations; i++) {
		if (__event_send_ioctl(&e, port) || !event_pending(&e, port))
			event_lost(&e, port, "was sent, and is not pending");
		event_clear(&e, port);
		verdict_require(!madvise(e.shared, EVENT_PAGE, MADV_DONTNEED), "madvise");
		e.shared->pending[port / 64] = 1ull << port % 64;
		event_post_poll(&e, port);
		await_poll(&e, "is pending, and a poll sleeps on it");
		event_clear(&e, port);
	}
	event_close(&e);
}

/* A poll that goes to sleep while the event is on its way. */
static void poll_wakeup(const struct run *run)
{
	const uint32_t port = event_port(EVENT_POLL, 0);
	struct prng prng = { run->seed };
	uint64_t i, busy = 0, wait;
	struct event_vm e;
	double range = 100e-6, end;

	event_open(&e);
	for (i = 0; i < run->iterations; i++) {
		event_post_poll(&e, port);
		end = clock_seconds() + range * prng_below(&prng, 1000) / 1000;
		for (wait = 0; clock_seconds() < end; wait++)
			;
		busy += __atomic_load_n(&e.agent->state, __ATOMIC_ACQUIRE) == AGENT_THREAD_BUSY;
		if (__event_send_ioctl(&e, port))
			event_lost(&e, port, "cannot be sent");
		await_poll(&e, "was sent, and did not wake a poll");
		event_clear(&e, port);
	}
	verdict_exercised(i, busy);
	event_close(&e);
}

static const struct subtest subtests[] = {
	{ "event/poll-replaced", "a poll looks at the page that is there", poll_replaced },
	{ "event/poll-wakeup", "an event wakes a poll that is about to sleep", poll_wakeup },
};

int main(int argc, char **argv)
{
	static const struct program program = {
		.name = "pfncache_poll_test",
		.subtests = subtests,
		.count = sizeof(subtests) / sizeof(subtests[0]),
		.iterations = 100,
	};

	return runner_main(argc, argv, &program);
}
