/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A thread whose operation is aimed at one of the caller's (fuzzy_sync.h).
 *
 *	opponent_start(&o, act, arg, seed);
 *	for (...) {
 *		opponent_begin(&o);	// act(arg) runs about now
 *		... the caller's operation ...
 *		opponent_end(&o);	// it has returned; act() may still be under way
 *		...
 *		opponent_wait(&o);	// both are over
 *	}
 *	opponent_stop(&o);		// accounts for the overlaps
 */
#ifndef OPPONENT_H
#define OPPONENT_H

#include <pthread.h>
#include "aim/fuzzy_sync.h"

struct opponent {
	struct fuzzy_gate gate;
	struct fuzzy_sync sync;
	pthread_t thread;
	void (*act)(void *arg);
	void *arg;
};

/* @act is called with @arg in a thread on a CPU of its own; it must come back. */
void opponent_start(struct opponent *o, void (*act)(void *arg), void *arg, uint64_t seed);

/* Meet act(), and wait for the moment that was drawn for the caller's operation. */
void opponent_begin(struct opponent *o);

/* The caller's operation has returned. */
void opponent_end(struct opponent *o);

/* Return: whether the two overlapped. */
bool opponent_wait(struct opponent *o);

/* Let act() run once without a race, and wait for it. */
void opponent_alone(struct opponent *o);

/* End the thread; verdict_exercised() with all races since the start. */
void opponent_stop(struct opponent *o);

#endif /* OPPONENT_H */
