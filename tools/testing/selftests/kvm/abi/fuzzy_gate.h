/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The gate at which two sides meet before they race; see fuzzy_sync.h for the aim.
 *
 * It lies in memory that both sides reach: two host threads, or a host thread and a vCPU,
 * which spins on it without leaving the guest.  Freestanding.
 *
 *	host				side 0			side 1
 *	fuzzy_aim()
 *					fuzzy_wait() ends	fuzzy_wait() ends
 *					fuzzy_begin() <- meet -> fuzzy_begin()
 *					  delay			  delay
 *					operation		operation
 *					fuzzy_end()		fuzzy_end()
 *					fuzzy_leave()		fuzzy_leave()
 *	fuzzy_await(0), fuzzy_await(1), fuzzy_learn()
 */
#ifndef FUZZY_GATE_H
#define FUZZY_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "abi/cycles.h"

/*
 * The first half is written by the host, the second by the side, each in cache lines of its own:
 * the sides spin on each other's.
 */
struct fuzzy_side {
	uint64_t turn;		/* raised by the host: the side's next turn */
	uint64_t delay;		/* cycles between the meeting and the operation */
	uint32_t meet;		/* wait for the other side first */
	uint32_t command;	/* what to do: the user's own */
	uint64_t pad0[13];
	uint64_t call;		/* to the other side, or the answer to it */
	uint64_t ready;		/* raised by the side: the turn in which both are at the line */
	uint64_t quick;		/* of side 0: cycles of the quickest answer so far */
	uint64_t done;		/* the last turn that is over */
	uint64_t begin, end;	/* tickets around the operation */
	uint64_t cycles;	/* that it took */
	uint64_t pad1[9];
} __attribute__((aligned(128)));

struct fuzzy_gate {
	struct fuzzy_side side[2];
	uint64_t ticket;
	uint32_t stop;		/* both sides are to leave */
};

/* After so many rounds of a spin loop the other side is probably not running. */
#define FUZZY_LATE	2000u

/**
 * typedef fuzzy_late_fn - what to do about a side that is late
 * @spins: rounds that the caller has spun, at least FUZZY_LATE
 *
 * Return: true after having given the CPU away, to go on spinning; false to wait no longer.
 */
typedef bool (*fuzzy_late_fn)(uint32_t spins);

/**
 * fuzzy_spin() - spin until a counter has reached a value
 * @g: the gate
 * @word: the counter, written by somebody else
 * @value: what it has to reach
 * @late: called in each round from FUZZY_LATE on
 *
 * Return: true when it has; false if the gate has closed, or @late waits no longer.
 */
static inline bool fuzzy_spin(const struct fuzzy_gate *g, const uint64_t *word, uint64_t value,
			      fuzzy_late_fn late)
{
	uint32_t spins = 0;

	while (__atomic_load_n(word, __ATOMIC_ACQUIRE) < value) {
		if (__atomic_load_n(&g->stop, __ATOMIC_RELAXED))
			return false;
		if (++spins < FUZZY_LATE)
			cycles_relax();
		else if (!late(spins))
			return false;
	}
	return true;
}

/**
 * fuzzy_wait() - a side waits for its next turn
 * @g: the gate
 * @k: which side, 0 or 1
 * @last: the turn that it had last, 0 at first
 * @late: what to do while the host is late
 *
 * Return: the turn, or 0 if there is none: the gate has closed, or @late waits no longer.
 */
static inline uint64_t fuzzy_wait(struct fuzzy_gate *g, unsigned int k, uint64_t last,
				  fuzzy_late_fn late)
{
	if (!fuzzy_spin(g, &g->side[k].turn, last + 1, late))
		return 0;
	return __atomic_load_n(&g->side[k].turn, __ATOMIC_ACQUIRE);
}

/**
 * fuzzy_ticket() - the next ticket of the gate, from 1 on
 * @g: the gate
 *
 * The sides' tickets order their operations; history_ticket() explains why that is enough.
 *
 * Return: the ticket.
 */
static inline uint64_t fuzzy_ticket(struct fuzzy_gate *g)
{
	return __atomic_add_fetch(&g->ticket, 1, __ATOMIC_ACQ_REL);
}

/* Answers that may take long before a race begins all the same. */
#define FUZZY_CALLS	4u

/**
 * fuzzy_call() - side 0 calls until side 1 answers quickly
 * @g: the gate
 * @late: what to do while side 1 is late
 *
 * A quick answer proves that both sides run at this moment.  Where there are fewer CPUs than
 * sides, one side is mostly asleep, and the other one would have finished its operation before
 * the sleeper wakes up.  After FUZZY_CALLS slow answers the race begins all the same.
 *
 * Return: true when the race begins; false as fuzzy_spin().
 */
static inline bool fuzzy_call(struct fuzzy_gate *g, fuzzy_late_fn late)
{
	struct fuzzy_side *me = &g->side[0];
	uint32_t calls;

	for (calls = 0; calls < FUZZY_CALLS; calls++) {
		uint64_t took = cycles_now(), call = me->call + 1;

		__atomic_store_n(&me->call, call, __ATOMIC_RELEASE);
		if (!fuzzy_spin(g, &g->side[1].call, call, late))
			return false;
		took = cycles_now() - took;
		if (!me->quick || took < me->quick)
			me->quick = took;
		if (calls && took < 4 * me->quick)
			break;
	}
	__atomic_store_n(&me->ready, me->turn, __ATOMIC_RELEASE);
	return true;
}

/**
 * fuzzy_answer() - side 1 answers until side 0 is content
 * @g: the gate
 * @late: what to do while side 0 is late
 *
 * Return: true when the race begins; false as fuzzy_spin().
 */
static inline bool fuzzy_answer(struct fuzzy_gate *g, fuzzy_late_fn late)
{
	struct fuzzy_side *me = &g->side[1], *other = &g->side[0];

	uint32_t spins = 0;

	while (__atomic_load_n(&other->ready, __ATOMIC_ACQUIRE) < me->turn) {
		uint64_t call = __atomic_load_n(&other->call, __ATOMIC_ACQUIRE);

		if (__atomic_load_n(&g->stop, __ATOMIC_RELAXED))
			return false;
		if (call != me->call)
			spins = 0;
		__atomic_store_n(&me->call, call, __ATOMIC_RELEASE);
		if (++spins < FUZZY_LATE)
			cycles_relax();
		else if (!late(spins))
			return false;
	}
	return true;
}

/**
 * fuzzy_begin() - come to the line, meet the other side if this turn is a race, wait out the delay
 * @g: the gate
 * @k: which side, 0 or 1
 * @late: what to do while the other side is late
 *
 * If the other side does not come, the operation begins all the same.
 */
static inline void fuzzy_begin(struct fuzzy_gate *g, unsigned int k, fuzzy_late_fn late)
{
	struct fuzzy_side *me = &g->side[k];
	uint64_t start;

	if (me->meet && k)
		fuzzy_answer(g, late);
	else if (me->meet)
		fuzzy_call(g, late);
	start = cycles_now();
	while (cycles_now() - start < me->delay)
		cycles_relax();
	me->begin = fuzzy_ticket(g);
	me->cycles = cycles_now();
}

/**
 * fuzzy_end() - note that the operation is over
 * @g: the gate
 * @k: which side, 0 or 1
 */
static inline void fuzzy_end(struct fuzzy_gate *g, unsigned int k)
{
	struct fuzzy_side *me = &g->side[k];

	me->cycles = cycles_now() - me->cycles;
	me->end = fuzzy_ticket(g);
}

/**
 * fuzzy_leave() - end the turn
 * @g: the gate
 * @k: which side, 0 or 1
 *
 * From now on the host may read what the side has noted about its turn.
 */
static inline void fuzzy_leave(struct fuzzy_gate *g, unsigned int k)
{
	__atomic_store_n(&g->side[k].done, g->side[k].turn, __ATOMIC_RELEASE);
}

/**
 * fuzzy_overlap() - did the operations of the last race overlap?
 * @g: the gate; both sides have left
 *
 * Return: false if one of them was over before the other began.
 */
static inline bool fuzzy_overlap(const struct fuzzy_gate *g)
{
	return g->side[0].begin < g->side[1].end && g->side[1].begin < g->side[0].end;
}

#endif /* FUZZY_GATE_H */
