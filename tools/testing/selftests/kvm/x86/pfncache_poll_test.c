// SPDX-License-Identifier: GPL-2.0-only
/* SCHEDOP_poll, which looks at event channel bits through a pfncache before it sleeps. */
#include <sched.h>
#include <sys/mman.h>
#include "abi/array.h"
#include "harness/clock.h"
#include "harness/known_issues.h"
#include "harness/runner.h"
#include "pfncache/event.h"

/* However few are asked for: in some of these the vCPU is asleep in time. */
#define ROUNDS_MIN	20

static uint64_t rounds(const struct run *run)
{
	return run->iterations < ROUNDS_MIN ? ROUNDS_MIN : run->iterations;
}

static void spin(double seconds)
{
	const double end = clock_seconds() + seconds;

	while (clock_seconds() < end)
		;
}

static bool is_polling(const struct event_vm *e)
{
	return __atomic_load_n(&e->agent->state, __ATOMIC_ACQUIRE) == AGENT_THREAD_BUSY;
}

/*
 * Wait for a posted poll, for as many seconds; one that sleeps on is woken by the sub-test's end.
 */
static void await_poll(struct event_vm *e, double limit, const char *what)
{
	const double end = clock_seconds() + limit;

	while (is_polling(e)) {
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
		verdict_require(!memory_do(e.memory, OP_DISCARD, 0, 1), "MADV_DONTNEED");
		e.shared->pending[port / 64] = 1ull << port % 64;
		event_post_poll(&e, port);
		await_poll(&e, EVENT_LOST, "is pending, and a poll sleeps on it");
		event_clear(&e, port);
	}
	event_close(&e);
}

static void undisturbed(struct event_vm *e, unsigned int n)
{
	(void)e;
	(void)n;
}

/*
 * A poll that goes to sleep while the event is on its way, and its page is pulled away from
 * under the cache that poll, event and wake-up look through.
 */
static void poll_wakeup(const struct run *run)
{
	void (*disturb)(struct event_vm *e, unsigned int n) =
		*(void (*const *)(struct event_vm *e, unsigned int n))run->arg;
	const uint32_t port = event_port(EVENT_POLL, 0);
	struct prng prng = { run->seed };
	uint64_t i, busy = 0;
	struct event_vm e;

	event_open(&e);
	for (i = 0; i < run->iterations; i++) {
		event_post_poll(&e, port);
		spin(100e-6 * prng_below(&prng, 1000) / 1000);
		busy += is_polling(&e);
		disturb(&e, i);
		if (__event_send_ioctl(&e, port))
			event_lost(&e, port, "cannot be sent");
		await_poll(&e, EVENT_LOST, "was sent, and did not wake a poll");
		event_clear(&e, port);
	}
	verdict_exercised(i, busy);
	event_close(&e);
}

/* Many times as long as it takes where nothing is in the way: that is not slow, it is stuck. */
#define STUCK(alone)	(0.5 + 100 * (alone))

/* Poll @port, send it when the vCPU may be asleep, and wait; how long the last took, in seconds. */
static double poll_once(struct event_vm *e, uint32_t port, struct prng *prng, double limit,
			const char *what, uint64_t *busy)
{
	double start;

	event_post_poll(e, port);
	spin(1e-3 * prng_below(prng, 1000) / 1000);
	*busy += is_polling(e);
	start = clock_seconds();
	if (__event_send_ioctl(e, port) || !event_pending(e, port))
		event_lost(e, port, "was sent, and is not pending");
	await_poll(e, limit, what);
	e->shared->pending[port / 64] &= ~(1ull << port % 64);
	return clock_seconds() - start;
}

/* A port that is masked is what guests poll: nobody interrupts them for it. */
static void poll_masked(const struct run *run)
{
	const uint32_t port = event_port(EVENT_POLL, 0);
	struct prng prng = { run->seed };
	uint64_t i, busy = 0;
	struct event_vm e;

	event_open(&e);
	__atomic_fetch_or(&e.shared->mask[port / 64], 1ull << port % 64, __ATOMIC_SEQ_CST);
	for (i = 0; i < run->iterations; i++) {
		poll_once(&e, port, &prng, EVENT_LOST,
			  "was sent, is masked, and did not wake a poll", &busy);
		if (event_selected(&e, port))
			event_lost(&e, port, "is masked, and vcpu_info says that it is pending");
	}
	verdict_exercised(i, busy);
	event_close(&e);
}

/*
 * An event that is pending already, and that the guest has not looked at yet, must not hide one of
 * the same word that is polled (Xen: evtchn_2l_set_pending() looks for pollers in any case).
 */
static void poll_same_word(const struct run *run)
{
	const uint32_t port = event_port(EVENT_POLL, 0), other = port + 1;
	struct prng prng = { run->seed };
	uint64_t i, busy = 0;
	struct event_vm e;
	double limit;

	event_open(&e);
	limit = STUCK(poll_once(&e, port, &prng, EVENT_LOST,
				"was sent, and did not wake a poll", &busy));
	event_clear(&e, port);
	if (__event_send_ioctl(&e, other) || !event_selected(&e, other))
		event_lost(&e, other, "was sent, and vcpu_info does not say so");
	for (busy = i = 0; i < rounds(run); i++)
		poll_once(&e, port, &prng, limit,
			  "was sent, and did not wake a poll; another one of its word waits",
			  &busy);
	verdict_exercised(i, busy);
	event_close(&e);
}

/* How long a memslot takes to come and go while nobody is in the way. */
static double churn_alone(struct event_vm *e)
{
	const double start = clock_seconds();

	event_churn(e);
	return clock_seconds() - start;
}

/* A guest may poll for as long as it likes, and its host goes on. */
static void poll_slots(const struct run *run)
{
	const uint32_t port = event_port(EVENT_POLL, 0);
	struct prng prng = { run->seed };
	uint64_t i, slept = 0;
	struct event_vm e;
	double alone;

	event_open(&e);
	alone = churn_alone(&e);
	for (i = 0; i < rounds(run); i++) {
		event_post_poll(&e, port);
		spin(1e-3 * prng_below(&prng, 1000) / 1000);
		verdict_patience(STUCK(alone));
		event_churn(&e);
		verdict_patience(0);
		slept += is_polling(&e);
		if (__event_send_ioctl(&e, port))
			event_lost(&e, port, "cannot be sent");
		await_poll(&e, EVENT_LOST, "was sent, and did not wake a poll");
		event_clear(&e, port);
	}
	verdict_exercised(i, slept);
	event_close(&e);
}

#define WAKEUP(fn)	poll_wakeup, &(void (*const)(struct event_vm *e, unsigned int n)){ fn }

static const struct subtest subtests[] = {
	{ "event/poll-replaced", "a poll looks at the page that is there", poll_replaced },
	{ "event/poll-wakeup", "an event wakes a poll that is about to sleep",
	  WAKEUP(undisturbed) },
	{ "event/poll-masked", "an event wakes a poll whose port is masked", poll_masked },
	{ "event/poll-same-word", "an event wakes a poll of a word in which other events wait",
	  poll_same_word, NULL, &known_poll_not_woken },
	{ "event/poll-migrate", "an event wakes a poll whose page moves between nodes",
	  WAKEUP(event_migrate) },
	{ "event/poll-slots", "memslots can change while a vCPU sleeps in a poll", poll_slots, NULL,
	  &known_poll_holds_srcu },
};

TEST_PROGRAM("pfncache_poll_test", subtests, .iterations = 100)
