/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the host did to a page, and when, for an actor that keeps using it.
 *
 *	epoch    0       1       2       3       4
 *	      ---+-------+-------+-------+-------+--->
 *	state    0  0->1     1     1->2     2
 *	         |<- op ->|       |<- op ->|
 *
 * The host raises the epoch to odd just before an operation (punch hole,
 * conversion, word deletion, ...) and to even just after it has returned.  Between
 * two operations the page is in state epoch / 2.  An actor reads the epoch before
 * and after each of its accesses and so knows which states the access may have
 * met; no clock is compared, and the actor never has to leave the guest.
 *
 * A page has two copies (0: private or only, 1: shared); each state says which of
 * them an access reaches, or that nothing is there, and which copies the operation
 * leading to the state has reset to zero.
 *
 * Ordering, spelt out for CPUs that are weaker than x86 (arm64).  What pairs with what:
 *
 *	1. begin: epoch odd, barrier, operation	- actor: access, barrier, second look
 *	2. end: operation, barrier, epoch even	- actor: first look acquires, access
 *	3. begin: state, epoch odd releases	- actor: look acquires, state
 *	4. barrier of begin, later states	- actor: state, acquire fence, epoch
 *
 * 1 (store buffering, hence full barriers): an actor whose second look does not see the
 * odd epoch made its access before any effect of the operation.  2 (message passing): an
 * actor whose first look sees the even epoch accesses after it.  Effects are removed
 * translations too.  Those are gone from every CPU when the operation returns (on arm64
 * KVM waits by DSB for the TLBI and for accesses that still used them), and a CPU that
 * looked a translation up ahead of its first look has dropped it by then.  3: an actor that
 * knows that a state exists sees what it is.
 *
 * 4: states are reused.  State n is stored after the barrier of operation n - 1, so an
 * actor that found it in the place of state n - TIMELINE_STATES finds an epoch of at least
 * 2n - 3 afterwards; whether the even epoch before it is visible, nothing says.
 * timeline_overrun() in cell.c leaves room for that.
 */
#ifndef TIMELINE_H
#define TIMELINE_H

#include <stdint.h>

#define TIMELINE_COPY		0x1	/* index of the copy that an access reaches */
#define TIMELINE_ABSENT		0x2	/* no memory there: reads see WATCH_ABSENT, writes vanish */
#define TIMELINE_RESET0		0x4	/* copy 0 became zero on the way to this state */
#define TIMELINE_RESET1		0x8	/* copy 1 likewise */

#define TIMELINE_STATES		56	/* states remembered; an actor that lags more forgets */

struct timeline {
	uint64_t epoch;
	uint8_t state[TIMELINE_STATES];
};

/**
 * timeline_state() - what a page is like in one of its states
 * @t: the timeline
 * @q: the state (epoch / 2); only the last TIMELINE_STATES are remembered, and an older one
 *     reads as a newer one
 *
 * Return: TIMELINE_COPY, TIMELINE_ABSENT, TIMELINE_RESET0, TIMELINE_RESET1.
 */
static inline uint8_t timeline_state(const struct timeline *t, uint64_t q)
{
	return __atomic_load_n(&t->state[q % TIMELINE_STATES], __ATOMIC_RELAXED);
}

/**
 * timeline_begin() - the host is about to operate on the page
 * @t: the timeline; only one thread at a time may be between begin and end
 * @next: the state that the operation leads to, as timeline_state() returns it
 */
static inline void timeline_begin(struct timeline *t, uint8_t next)
{
	uint64_t epoch = __atomic_load_n(&t->epoch, __ATOMIC_RELAXED);

	__atomic_store_n(&t->state[(epoch / 2 + 1) % TIMELINE_STATES], next, __ATOMIC_RELAXED);
	__atomic_store_n(&t->epoch, epoch + 1, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/**
 * timeline_end() - the host's operation has returned
 * @t: the timeline
 */
static inline void timeline_end(struct timeline *t)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	__atomic_fetch_add(&t->epoch, 1, __ATOMIC_RELEASE);
}

#endif /* TIMELINE_H */
