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

/**
 * opponent_start() - start the thread
 * @o: filled in
 * @act: its operation, called in a thread on a CPU of its own; has to return
 * @arg: given to @act
 * @seed: for the offsets (fuzzy_sync.h)
 *
 * The calling thread is pinned to another CPU, if there is one.  Ends the sub-test as SETUP if
 * the thread cannot be started.
 */
void opponent_start(struct opponent *o, void (*act)(void *arg), void *arg, uint64_t seed);

/**
 * opponent_begin() - meet the thread, and wait for the moment drawn for the caller's operation
 * @o: the opponent
 */
void opponent_begin(struct opponent *o);

/**
 * opponent_end() - note that the caller's operation has returned
 * @o: the opponent; act() may still be under way
 */
void opponent_end(struct opponent *o);

/**
 * opponent_wait() - wait for the end of act(), and learn from the race
 * @o: the opponent, after opponent_end()
 *
 * Return: whether the two operations overlapped.
 */
bool opponent_wait(struct opponent *o);

/**
 * opponent_alone() - have act() run once without a race, and wait for it
 * @o: the opponent
 */
void opponent_alone(struct opponent *o);

/**
 * opponent_stop() - end the thread
 * @o: the opponent
 *
 * Calls verdict_exercised() with all races since the start.
 */
void opponent_stop(struct opponent *o);

#endif /* OPPONENT_H */
