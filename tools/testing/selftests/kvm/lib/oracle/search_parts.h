/* SPDX-License-Identifier: GPL-2.0-only */
/* All orders of what happened to one word, as far as they differ. */
#ifndef SEARCH_PARTS_H
#define SEARCH_PARTS_H

#include "oracle/parts.h"

#define SEARCH_PENDING	32u	/* operations under way at once */
#define SEARCH_STATES	1024u	/* that the word may be in at one time */

enum search_answer { SEARCH_LEGAL, SEARCH_OVER, SEARCH_IMPOSSIBLE, SEARCH_TOO_BIG };

/* What is asked of a history that is impossible as it was. */
enum what_if {
	AS_IT_WAS,
	WHAT_IF_ANYTHING,	/* one read could have found anything */
	WHAT_IF_ZERO,		/* one read had found zero */
	WHAT_IF_EITHER,		/* one read could have met either copy */
	WHAT_IF_OPEN,		/* the page had been open to both sides */
};

/* Something with one point in time, from its first ticket, when it is taken, to its last. */
struct point {
	uint64_t end;
	uint64_t found, left;
	uint8_t kind;		/* enum event_kind; an exchange is a write that finds */
	uint8_t copy;		/* RESET, UNDEFINED: of this one; CONVERT: to this one */
	uint8_t side;		/* READ, WRITE: copies that it can meet; or 0: by the state */
	bool finds, maybe;
};

struct word_states {
	uint32_t count;
	bool full;
	struct word_state state[SEARCH_STATES];
};

struct search {
	struct point pending[SEARCH_PENDING];
	uint32_t busy;			/* of pending, a bit each */
	uint32_t first;			/* the pending one that ends first; or NONE */
	uint64_t work;			/* states that may still be gone on from */
	uint64_t converted;		/* end of the conversion that ends last, of those begun */
	struct word_states now, next, visited;
	uint64_t failed;		/* end of what cannot have happened */
	/* Left out, the word's accesses, then the page's operations: less is impossible, too. */
	uint8_t *out;
	uint32_t out_room;
	uint8_t end;			/* copies that accesses have to reach at the end */
	bool reduced;			/* it is to be looked at */
	enum what_if what_if;
	uint32_t what_if_access;
};

static inline bool word_state_same(const struct word_state *a, const struct word_state *b)
{
	return a->memory[0] == b->memory[0] && a->memory[1] == b->memory[1] &&
	       a->done == b->done && a->any == b->any && a->copy == b->copy;
}

/* Is there an order of what began up to @until that explains the word's reads? */
enum search_answer search_word(struct checker *c, uint64_t until);
void word_state_add(struct word_states *set, const struct word_state *new);
void search_take_next(struct search *s);
enum search_answer pending_begin(const struct checker *c, struct search *s, const struct point *p);
/* The same, or let it happen at once if it is alone; @next: begin of what comes after it. */
enum search_answer pending_take(const struct checker *c, struct search *s, const struct point *p,
				uint64_t next);
/* The pending one that ends first is over. */
enum search_answer pending_end(const struct checker *c, struct search *s);
/* The runs of the page being judged. */
void page_runs_build(struct checker *c);
/*
 * With nothing pending, let happen at once what is over before the next access to the word, from
 * the page's operation @from on.  Returns the one to go on with.
 */
uint32_t search_skip(struct checker *c, uint32_t from, uint64_t next_access);
/* What the word may be like at the barrier. */
void search_begin(struct checker *c);

#endif /* SEARCH_PARTS_H */
