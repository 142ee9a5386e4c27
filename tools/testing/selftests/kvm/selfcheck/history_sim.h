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
	unsigned int sequence;		/* write numbers wrap here; 0: as tokens do */
};

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

/* Add about @events events to the (emptied) logs; all operations are over afterwards. */
void sim_window(struct sim *s, uint32_t events);

#endif /* HISTORY_SIM_H */
