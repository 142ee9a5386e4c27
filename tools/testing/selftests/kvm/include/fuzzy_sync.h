/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Aim two operations at each other, in the manner of LTP's fuzzy sync: measure both, then
 * sweep the delay between them over exactly the range in which any point of one can meet
 * any point of the other.
 *
 *	 t0 = duration of A, t1 = duration of B, o = start of B - start of A
 *
 *	A          |-- t0 --|
 *	B  |- t1 -|		o = -t1: B ends when A begins
 *	B          |- t1 -|	o = 0
 *	B                   |- t1 -|	o = t0: B begins when A ends
 *
 * So o is drawn evenly from (-t1, t0).  A point a of A and a point b of B meet if
 * o = a - b, which lies in that range, and each o is as likely as any other.
 *
 * The sides do not start at the same moment even without a delay: one of them sees the
 * other arrive, one is a vCPU.  This lag is learned from the order of tickets.  Durations
 * are taken on each side's own CPU, and clocks of two CPUs are never compared.
 *
 *	fuzzy_sync_init(&f, &gate, seed);
 *	while (...) {
 *		fuzzy_aim(&f);		// prepares a race of both sides
 *		... each side: fuzzy_wait(), fuzzy_begin(), its operation, fuzzy_end() ...
 *		fuzzy_learn(&f);	// when both are over; true if they overlapped
 *	}
 */
#ifndef FUZZY_SYNC_H
#define FUZZY_SYNC_H

#include "fuzzy_gate.h"
#include "prng.h"

struct fuzzy_sync {
	struct fuzzy_gate *gate;
	struct prng prng;
	uint64_t turn;		/* the last one given out */
	int64_t duration[2];	/* cycles, smoothed */
	int64_t lag;		/* start of side 1 - start of side 0 without delays, cycles */
	int64_t offset;		/* drawn for this race */
	uint64_t races;
	uint64_t overlaps;
};

/* @gate: zeroed; in memory that both sides reach. */
void fuzzy_sync_init(struct fuzzy_sync *f, struct fuzzy_gate *gate, uint64_t seed);

/* Give one side a turn of its own, without a race; fuzzy_await() it. */
void fuzzy_alone(struct fuzzy_sync *f, unsigned int k, uint32_t command);

/**
 * fuzzy_aim() - give both sides a turn in which they race
 * @f: the pair
 * @command0: of side 0, left in fuzzy_side.command
 * @command1: of side 1
 */
void fuzzy_aim(struct fuzzy_sync *f, uint32_t command0, uint32_t command1);

/* Wait until side @k has finished its turn; false if the gate was closed. */
bool fuzzy_await(struct fuzzy_sync *f, unsigned int k);

/**
 * fuzzy_learn() - account for a race that is over on both sides
 * @f: the pair
 *
 * Return: whether the operations overlapped.
 */
bool fuzzy_learn(struct fuzzy_sync *f);

/* Close the gate: both sides leave. */
void fuzzy_close(struct fuzzy_sync *f);

/* Let somebody else run; what host threads pass as yield. */
void fuzzy_yield(void);

#endif /* FUZZY_SYNC_H */
