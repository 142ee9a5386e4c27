/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that behaves, and actors that use it at the same time: legal histories by
 * construction.  An operation takes a ticket, then its effects happen one by one at
 * points of their own (a range operation has one for each word and copy), then it takes
 * its second ticket; which actor moves next is random.
 */
#ifndef HISTORY_SIM_H
#define HISTORY_SIM_H

#include "abi/history.h"
#include "abi/prng.h"
#include "oracle/checker.h"

#define SIM_PAGES	8
#define SIM_SLOTS	4
#define SIM_ACTORS	6
#define SIM_EFFECTS	(SIM_PAGES * SIM_SLOTS * 2 * 2 + SIM_PAGES)

struct sim_shape {
	unsigned int pages, words, actors;
	bool split, undefined[2];
	bool resets, converts, exchanges;
	bool maybe;			/* some operations fail */
	bool sides;			/* some accesses name the copy they go to */
	bool hosts_convert;		/* hosts do all to whole pages, and nothing else */
	unsigned int sequence;		/* write numbers wrap here; 0: as tokens do */
};

/* What memory can do wrong, once. */
enum sim_fault {
	FAULT_NONE,
	FAULT_LOST_WRITE,	/* what is written is not there afterwards */
	FAULT_NOT_ATOMIC,	/* an exchange finds now and leaves later */
	FAULT_OTHER_COPY,	/* a write goes into the copy that it should not reach */
	FAULT_CONVERT_ZEROES,	/* a conversion makes the page zero */
	FAULT_RESET_SKIPPED,	/* what was to be zero keeps its value */
	FAULT_OLD_BACK,		/* a word has the value again that it had before */
	FAULT_LATE_WRITE,	/* a write takes effect after its end */
	FAULTS
};

/* What an effect does, besides the kinds of events. */
enum { EFFECT_EXCHANGE = EVENT_KINDS };

/* Contents that are undefined: each read finds something else. */
#define SIM_UNDEFINED	UINT64_MAX

struct sim_effect {
	uint8_t page, word, copy, what;
};

struct sim_op {
	struct event event;
	struct sim_effect effect[SIM_EFFECTS];
	unsigned int effects;
	uint64_t found;			/* by a read or exchange */
	bool busy, failed, exchange, refused;
};

struct sim {
	struct sim_shape shape;
	struct prng prng;
	uint64_t ticket;
	uint64_t memory[SIM_PAGES][SIM_SLOTS][2];
	uint8_t state[SIM_PAGES];	/* copy that accesses reach */
	uint8_t first_state[SIM_PAGES];
	uint32_t sequence[SIM_ACTORS];
	struct sim_op op[SIM_ACTORS];
	struct history_log *log[SIM_ACTORS];
	enum sim_fault fault;		/* to happen ... */
	unsigned int fault_after;	/* ... at the first chance after so many effects */
	bool faulty;			/* it has happened */
	uint64_t old[SIM_PAGES][SIM_SLOTS][2];	/* what the words held before */
	uint64_t *late, late_value;	/* word that a late write will change, and to what, ... */
	unsigned int late_actor;	/* ... once this one's operation is over */
};

/* A shape with all that a seed may switch on. */
struct sim_shape sim_shape_random(struct prng *prng);
/* The word of a page that a word of the simulation is: first, last, and some between. */
uint16_t sim_word(unsigned int word);
/* Number of an actor, as events and tokens have it: the last two are of the host. */
unsigned int sim_actor(const struct sim *s, unsigned int actor);

void sim_init(struct sim *s, const struct sim_shape *shape, uint64_t seed, uint32_t capacity);
void sim_free(struct sim *s);
struct checker_config sim_config(const struct sim *s);

/* Memory is to do this wrong once, after so many effects. */
void sim_fault_plan(struct sim *s, enum sim_fault fault, unsigned int after);
/* Is this effect the one that goes wrong?  It has happened then. */
bool sim_fault_effect(struct sim *s, struct sim_op *op, const struct sim_effect *x);
/* What a fault is called in the singular, in print. */
const char *sim_fault_name(enum sim_fault fault);

/* Add about @events events to the (emptied) logs; all operations are over afterwards. */
void sim_window(struct sim *s, uint32_t events);

#endif /* HISTORY_SIM_H */
