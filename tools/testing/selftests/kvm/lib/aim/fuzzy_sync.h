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
 * Two sides that have a CPU each meet at the gate before they start (FUZZY_MEET).  Where they
 * share one, a side that waits only takes the CPU away from the other, and a wake-up is the
 * surest way to make a side run: then side 1 starts when it is woken (FUZZY_WAKE).  The start
 * that has brought more overlaps in less time is used more often.
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

#include "abi/fuzzy_gate.h"
#include "abi/prng.h"

/* How a race is started. */
enum fuzzy_start { FUZZY_MEET, FUZZY_WAKE, FUZZY_STARTS };

struct fuzzy_sync {
	struct fuzzy_gate *gate;
	struct prng prng;
	uint64_t turn;		/* the last turn that was given out */
	int64_t duration[2];	/* cycles, usually */
	int64_t lag[FUZZY_STARTS];	/* start of B - start of A without delays, cycles */
	int64_t offset;		/* drawn for this race */
	uint64_t began;		/* when it was, on this CPU */
	int64_t elapsed;	/* cycles that a race usually takes as a whole */
	uint64_t races;
	uint64_t overlaps;

	bool may_wake;		/* a side can be woken for its turn: the user's to say */
	enum fuzzy_start start;	/* of the next race */
	uint64_t yield[FUZZY_STARTS];	/* overlaps in 2^40 cycles */
	uint64_t block, block_overlaps;	/* races that are started alike: since when; of them */
};

/**
 * fuzzy_sync_init() - begin with a pair of which nothing is known yet
 * @f: filled in; the user may set may_wake afterwards
 * @gate: zeroed, in memory that both sides reach
 * @seed: for the offsets
 */
void fuzzy_sync_init(struct fuzzy_sync *f, struct fuzzy_gate *gate, uint64_t seed);

/**
 * fuzzy_alone() - give one side a turn of its own, without a race
 * @f: the pair
 * @k: which side, 0 or 1; it has finished its last turn
 * @command: left in fuzzy_side.command
 *
 * Call fuzzy_await() for the end of the turn.
 */
void fuzzy_alone(struct fuzzy_sync *f, unsigned int k, uint32_t command);

/**
 * fuzzy_aim() - give both sides a turn in which they race
 * @f: the pair
 * @command0: of side 0, left in fuzzy_side.command
 * @command1: of side 1
 *
 * Both sides have finished their last turn.  Call fuzzy_await() for each, then fuzzy_learn().
 */
void fuzzy_aim(struct fuzzy_sync *f, uint32_t command0, uint32_t command1);

/**
 * fuzzy_let() - give both sides a turn without aim
 * @f: the pair
 * @command0: of side 0, left in fuzzy_side.command
 * @command1: of side 1
 *
 * The sides do not meet: each begins as soon as it can.  Nothing is to be learned from it.
 */
void fuzzy_let(struct fuzzy_sync *f, uint32_t command0, uint32_t command1);

/**
 * fuzzy_await() - wait until a side has finished its turn
 * @f: the pair
 * @k: which side, 0 or 1
 *
 * Return: false if the gate was closed.
 */
bool fuzzy_await(struct fuzzy_sync *f, unsigned int k);

/**
 * fuzzy_learn() - account for a race that is over on both sides
 * @f: the pair
 *
 * Return: whether the operations overlapped.
 */
bool fuzzy_learn(struct fuzzy_sync *f);

/**
 * fuzzy_close() - close the gate: both sides leave
 * @f: the pair
 */
void fuzzy_close(struct fuzzy_sync *f);

/**
 * fuzzy_yield() - what a host thread does about a side that is late: let it run
 * @spins: rounds that the caller has spun, at least FUZZY_LATE
 *
 * A side that is very late may be a vCPU, or this machine a guest whose CPUs share one of its
 * host's.  Only an idle CPU makes room then, so the thread sleeps instead of yielding.
 *
 * Return: true, the caller goes on waiting.
 */
bool fuzzy_yield(uint32_t spins);

#endif /* FUZZY_SYNC_H */
