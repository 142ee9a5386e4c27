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
 * conversion, slot deletion, ...) and to even just after it has returned.  Between
 * two operations the page is in state epoch / 2.  An actor reads the epoch before
 * and after each of its accesses and so knows which states the access may have
 * met; no clock is compared, and the actor never has to leave the guest.
 *
 * A page has two copies (0: private or only, 1: shared); each state says which of
 * them an access reaches, or that nothing is there, and which copies the operation
 * leading to the state has reset to zero.
 *
 * Ordering.  timeline_begin() is a full barrier after raising the epoch: no effect
 * of the operation comes before it.  timeline_end() releases: whoever acquires the
 * even epoch sees the operation done.  The actor's side is in watch.c.
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

static inline uint8_t timeline_state(const struct timeline *t, uint64_t q)
{
	return __atomic_load_n(&t->state[q % TIMELINE_STATES], __ATOMIC_RELAXED);
}

/* Only one thread at a time may be between begin and end on one timeline. */
static inline void timeline_begin(struct timeline *t, uint8_t next)
{
	uint64_t epoch = __atomic_load_n(&t->epoch, __ATOMIC_RELAXED);

	__atomic_store_n(&t->state[(epoch / 2 + 1) % TIMELINE_STATES], next, __ATOMIC_RELAXED);
	__atomic_store_n(&t->epoch, epoch + 1, __ATOMIC_RELEASE);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static inline void timeline_end(struct timeline *t)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	__atomic_fetch_add(&t->epoch, 1, __ATOMIC_RELEASE);
}

#endif /* TIMELINE_H */
