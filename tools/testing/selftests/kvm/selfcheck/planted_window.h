/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two operations with a planted fault: A is long, and vulnerable for a small part of it, late;
 * B is short and does harm in its middle.  What begins at the same time never meets there.
 *
 *	A  |----------------------------------#----|
 *	B                                |----x----|
 */
#ifndef PLANTED_WINDOW_H
#define PLANTED_WINDOW_H

#include <pthread.h>
#include "aim/fuzzy_sync.h"

#define PLANTED_LONG	6000	/* turns of an empty loop: A ... */
#define PLANTED_OPEN	5000	/* ... where its window opens ... */
#define PLANTED_WIDTH	60	/* ... and how wide it is: 1 % of A */
#define PLANTED_SHORT	600	/* B */

struct planted {
	struct fuzzy_gate gate;
	uint32_t window;
	uint64_t hits;
};

static inline void planted_busy(unsigned int turns)
{
	while (turns--)
		__asm__ volatile("" ::: "memory");
}

static inline void planted_a(struct planted *p)
{
	planted_busy(PLANTED_OPEN);
	__atomic_store_n(&p->window, 1, __ATOMIC_SEQ_CST);
	planted_busy(PLANTED_WIDTH);
	__atomic_store_n(&p->window, 0, __ATOMIC_SEQ_CST);
	planted_busy(PLANTED_LONG - PLANTED_OPEN - PLANTED_WIDTH);
}

static inline void planted_b(struct planted *p)
{
	planted_busy(PLANTED_SHORT / 2);
	p->hits += __atomic_load_n(&p->window, __ATOMIC_SEQ_CST);
	planted_busy(PLANTED_SHORT / 2);
}

static inline void planted_step(struct planted *p, unsigned int k)
{
	fuzzy_begin(&p->gate, k, fuzzy_yield);
	if (k)
		planted_b(p);
	else
		planted_a(p);
	fuzzy_end(&p->gate, k);
	fuzzy_leave(&p->gate, k);
}

/* Side 1, until the gate closes. */
static inline void *planted_thread(void *arg)
{
	struct planted *p = arg;
	uint64_t turn = 0;

	while ((turn = fuzzy_wait(&p->gate, 1, turn, fuzzy_yield)))
		planted_step(p, 1);
	return NULL;
}

/* One aimed race; side 0 is the caller. */
static inline bool planted_race(struct planted *p, struct fuzzy_sync *f)
{
	fuzzy_aim(f, 0, 0);
	planted_step(p, 0);
	fuzzy_await(f, 1);
	return fuzzy_learn(f);
}

#endif /* PLANTED_WINDOW_H */
