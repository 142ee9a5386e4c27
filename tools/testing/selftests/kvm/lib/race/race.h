/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A pair of operations made to collide, over and over, and a verdict on each collision.
 *
 *	prepare		memory that both sides need, fresh contents, nothing mapped
 *	race		both sides, aimed at each other (fuzzy_sync.h)
 *	probe		a vCPU and the host look at what is left: nothing that has been taken
 *			away may still be seen
 *	restore		whatever was taken away comes back
 *	verify		memory that is there can be accessed
 *
 * All accesses and everything that changes contents are in the history, which the checker
 * judges.  Each side says which errno may result, and each pair which ones besides.
 *
 * Sides are accesses and the operations of plan/operations.h; pairs are data: race_rule.c.
 */
#ifndef RACE_H
#define RACE_H

#include "aim/fuzzy_sync.h"
#include "plan/operation.h"
#include "stage/stage.h"

#define RACE_PAGES	16u	/* of guest memory */
#define RACE_RANGE	4u	/* pages at most that an operation is about */

struct race;
struct race_actor;

enum race_flag {
	RACE_ONCE	= 0x01,	/* not against itself */
	RACE_FREES	= 0x02,	/* gives pages that the guest may have mapped back to the system */
};

/* One side of a race, as data. */
struct race_side {
	const char *name;
	const char *what;	/* happens: a clause */
	uint8_t memory;		/* 1 << enum memory_kind: where it makes sense */
	uint8_t flags;		/* enum operation_flag */
	uint8_t race;		/* enum race_flag */
	bool guest;
	uint8_t kind;		/* of a vCPU's operation: enum plan_kind */
	enum operation_id op;	/* of a host's; OPERATIONS: an access */
	bool same;		/* the attributes are what they are already */
	int error;		/* that is due from a host's: 0 or a positive errno */
};

/**
 * race_sides() - the sides of the matrix
 *
 * Return: the first of them; the last one has a NULL name.
 */
const struct race_side *race_sides(void);

/**
 * race_side_find() - look a side up by its name
 * @name: its name
 *
 * Return: the side, or NULL.
 */
const struct race_side *race_side_find(const char *name);

/**
 * race_fixed() - the fault of older kernels that this pair shows
 * @a: one side
 * @b: the other
 *
 * Return: for struct subtest's fixed, or NULL.
 */
const char *race_fixed(const struct race_side *a, const struct race_side *b);

#define RACE_WEIGHT_SOON	8u	/* an access against what takes its memory away */

/**
 * race_pair_weight() - how much of the time a pair is worth
 * @a: one side
 * @b: the other
 * @kind: of memory
 *
 * Return: by the faults that it can show, and how seldom it does.  A pair gets so many times as
 * long as one of weight 1; more than RACE_WEIGHT_SOON where a fault takes longer to show.
 */
unsigned int race_pair_weight(const struct race_side *a, const struct race_side *b,
			      enum memory_kind kind);

/**
 * race_pair_valid() - can and should these two be raced?
 * @a: one side
 * @b: the other, or the same
 * @kind: on which memory
 *
 * Return: true if so.
 */
bool race_pair_valid(const struct race_side *a, const struct race_side *b, enum memory_kind kind);

/**
 * race_error_allowed() - may an operation end like this beside that one?
 * @side: the operation
 * @peer: what it raced
 * @kind: of memory
 * @error: 0 or a positive errno
 *
 * Return: true if so.
 */
bool race_error_allowed(const struct race_side *side, const struct race_side *peer,
			enum memory_kind kind, int error);

/**
 * race_takes_memslot() - is a memslot away for a moment in this pair?
 * @a: one side
 * @b: the other
 *
 * Return: true if so; else a vCPU that meets a hole has met one that is not there.
 */
bool race_takes_memslot(const struct race_side *a, const struct race_side *b);

/**
 * race_known_issue() - find the fault of known kernels that a pair can meet
 * @a: one side
 * @b: the other
 * @kind: of memory
 *
 * Return: the fault, or NULL.
 */
const struct known_issue *race_known_issue(const struct race_side *a, const struct race_side *b,
					   enum memory_kind kind);

/* What became of a side's last turn. */
struct race_actor {
	struct race *race;
	unsigned int k;		/* side of the gate */
	unsigned int vcpu;	/* of a guest side */
	struct stage_host *host;	/* of a host side */
	pthread_t thread;	/* of a host side that is not the caller's own */
	bool helper;		/* ... which it has */
	int error;		/* of the operation: 0 or -errno */
	uint64_t value;		/* of the operation: its own */
	uint64_t begin, end;	/* tickets of the history */
};

/* A vCPU that takes turns, as a side or only to look; race_guest.c. */
struct race_guest {
	struct race *race;
	struct agent *agent;
	struct agent_plan *plan;
	struct agent_race *shared;	/* with the guest ... */
	uint64_t params;		/* ... which finds it at this control address */
	struct fuzzy_sync *sync;	/* the gate at which it takes turns ... */
	unsigned int k;			/* ... as this side */
	bool may_linger;		/* stay in the guest between turns, for a while ... */
	bool linger;			/* ... and does so in this one */
	bool started;			/* it has been in the guest */
};

struct race {
	const struct race_side *side[2];
	enum memory_kind kind;
	struct stage *stage;
	struct race_actor actor[2];
	struct fuzzy_sync sync;
	struct fuzzy_sync probe;	/* of the vCPU that looks, if it is no side itself */
	struct race_guest guest[2];
	struct prng prng;

	/* This round. */
	uint32_t page, word;		/* raced by accesses */
	uint32_t first, pages;		/* the range that contains it, for everything else */
	bool shared;			/* split memory: the copy that is raced for */

	uint64_t races;
	bool naive, alone;
	uint32_t widen;
	struct race_interrupt *interrupt;	/* or NULL */
	pthread_t caller;		/* of race_run() */
	uint64_t stayed;
	void (*after)(struct race *r);
};

/* What to race. */
struct race_config {
	const struct race_side *side[2];
	enum memory_kind kind;
	uint64_t seed;
	double duration;		/* seconds */
	uint64_t iterations;		/* races at most; 0: as time allows */
	bool naive;			/* the sides begin when they are told to: for comparison */
	bool alone;			/* side 1 while the vCPU of side 0 waits in the guest */
	uint32_t widen;			/* enum race_widen_how */
	void (*after)(struct race *r);	/* one thing more before the look at what is left */
};

/* Ways to make an operation take longer in the middle, if asked for. */
enum race_widen_how {
	RACE_WIDEN_SIGNAL	= 0x1,	/* signals to both sides */
	RACE_WIDEN_AFFINITY	= 0x2,	/* both sides change CPUs */
	RACE_WIDEN_USERFAULT	= 0x4,	/* faults of anonymous memory wait for the other side */
};

struct race_result {
	uint64_t races;
	uint64_t overlaps;		/* alone: how often the vCPU had stayed in the guest */
	double seconds;
	int64_t cycles[2];		/* that the sides usually took */
};

/**
 * race_run() - race a pair for a time
 * @config: the pair
 *
 * Ends the sub-test if a side did what it must not, or the history cannot be explained.
 *
 * Return: what happened.
 */
struct race_result race_run(const struct race_config *config);

/* The guest's operations that a turn may name: AGENT_RACE_COMMAND(). */
enum race_guest_op {
	RACE_OP_SIDE0,
	RACE_OP_SIDE1,
	RACE_OP_FILL,				/* one for each page of the range */
	RACE_OP_LOOK = RACE_OP_FILL + RACE_RANGE,
};

/**
 * race_guest_init() - let a vCPU take part
 * @r: the race
 * @v: number of the vCPU
 * @sync: the gate
 * @k: its side there
 * @linger: it spins there between turns
 */
void race_guest_init(struct race *r, unsigned int v, struct fuzzy_sync *sync, unsigned int k,
		     bool linger);

/**
 * race_guest_call() - see to it that a vCPU comes, before a turn is given to it
 * @g: the vCPU
 *
 * Return: true if it is in the guest and waits there, false if it only now begins to come.
 */
bool race_guest_call(struct race_guest *g);

/**
 * race_guest_linger() - let a vCPU stay in the guest until its next turn, or not
 * @g: the vCPU, if it is one that lingers at all
 * @linger: whether it may
 */
void race_guest_linger(struct race_guest *g, bool linger);

/**
 * race_guest_await() - wait until a vCPU's turn is over
 * @g: the vCPU
 */
void race_guest_await(struct race_guest *g);

/**
 * race_guest_alone() - give a vCPU a turn of its own, without a race
 * @g: the vCPU
 * @op: the first operation
 * @count: how many
 */
void race_guest_alone(struct race_guest *g, enum race_guest_op op, uint32_t count);

/**
 * race_guest_set() - set one of the operations that turns may name
 * @g: the vCPU
 * @op: which
 * @kind: enum plan_kind
 * @page: that it is about
 */
void race_guest_set(struct race_guest *g, enum race_guest_op op, uint8_t kind, uint32_t page);

/**
 * race_guest_stop() - have a vCPU leave the guest for good
 * @g: the vCPU
 */
void race_guest_stop(struct race_guest *g);

/**
 * race_ticket() - draw a ticket of the history
 * @r: the race
 *
 * Return: the ticket.
 */
static inline uint64_t race_ticket(const struct race *r)
{
	return history_ticket(&vm_control(r->stage->vm)->ticket);

}

/**
 * race_log() - tell the history what a host thread did
 * @r: the race
 * @h: the host thread
 * @event: complete but for the actor
 */
void race_log(struct race *r, struct stage_host *h, struct event event);

#endif /* RACE_H */
