/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside the checker.
 *
 *	log		takes the logs, refuses those that make no sense
 *	room		memory of all of them
 *	checker		orders events and distributes them to pages and cells
 *	cell		a cell: has everything else done to it
 *	search		all orders of its operations, one ticket after the other
 *	pending		those under way, and the states of the word that they lead to
 *	skip		runs of operations on the page that it need not go through
 *	search_barrier	what it may hold at the barrier before and the one that comes
 *	prove		as little as stays impossible, ...
 *	proof		... and how it is shown
 *	span		answers questions about operations on a page
 *	cluster		the write of a value and its reads, found by the value
 *	read		reads find the cluster of their value
 *	zone		clusters are compared
 *	zero		reads of zero, where it has several sources
 *	carry		what the cell may hold at the barrier
 *	witness		the proof of an anomaly
 */
#ifndef ORACLE_PARTS_H
#define ORACLE_PARTS_H

#include "oracle/page_parts.h"

#define BOTH_COPIES	3
#define ACTORS		256		/* that a token can name */

/* A read or write, as sorted by page and word. */
struct access {
	uint64_t begin, end, value;
	uint32_t actor;
	uint16_t word;
	uint8_t flags;
	uint8_t kind : 2;
	uint8_t reach : 2;	/* copies that it may have met, a bit each */
	uint8_t wild : 1;	/* a read that undefined contents explain, whatever it returned */
};

_Static_assert(sizeof(struct access) == 32, "two per cache line");

/* What a word may hold at a barrier; several for a word, none if it is like untouched ones. */
struct carried {
	uint64_t value;
	uint16_t word;
	uint8_t mask;		/* in which copies */
	uint8_t any;		/* anything, value says nothing */
};

/* What the word and its page may be like, and which pending operations have happened. */
struct word_state {
	uint64_t memory[2];
	uint32_t done;
	uint8_t any;		/* copies that may hold anything, a bit each; memory is 0 there */
	uint8_t copy;		/* that accesses reach */
};

/* Of a word at a barrier, where not everything in one copy goes with everything in the other. */
struct carried_state {
	struct word_state state;
	uint16_t word;
};

/* What the orders of a word's operations leave: copies, a bit each. */
struct leaves {
	uint8_t zero, any;		/* that may hold zero, or anything */
	uint8_t held;			/* for which something is known */
};

struct page_state {
	uint32_t first, count;		/* in checker.carried, by word */
	uint32_t state_first, states;	/* in checker.carried_state, by word */
	uint8_t copies;			/* which one accesses may reach, a bit each */
	uint8_t before;			/* the same at the barrier before the last run */
	uint8_t zero, any;		/* of words not carried: copies that may be so */
};

/* A value that was written (or was there at the barrier), and its reads; see checker.h. */
struct cluster {
	uint64_t value;
	uint64_t f, s;			/* earliest end, latest begin */
	uint32_t f_op, s_op;		/* accesses that have them; NONE: the barrier */
	uint32_t source;		/* access that wrote it; NONE: carried */
	uint32_t taker;			/* exchange that found it */
	uint32_t next;			/* cluster this exchange left; or next duplicate */
	uint32_t mask_op;		/* access that fixed the copy */
	uint32_t proof;			/* first read of it; NONE: none */
	uint8_t mask;			/* copies in which it may have been */
	bool definite;			/* happened for sure: not MAYBE or carried, or was read */
	bool follows;			/* an exchange made it out of another cluster */
	bool duplicate;			/* not the only source of its value */
	bool seen;			/* is part of a zone */
};

/* Clusters joined by exchanges; mostly one. */
struct zone {
	uint64_t f, s;
	uint32_t f_in, s_in;		/* clusters that have them */
	uint32_t head, tail;		/* clusters */
	uint32_t best, second;		/* zones up to here, by f, with the latest s */
	uint8_t mask;
	bool definite;
	bool flagged;
};

struct zones {
	struct zone *z;
	uint32_t count, room;
	uint32_t hint;
};

/* A reset that is the only explanation left for some read of zero: known more closely. */
struct sole {
	uint32_t op;			/* NONE: carried zero */
	uint64_t begin, end;
	uint32_t taker;			/* exchange that found this zero */
};

/* The cell being judged. */
struct cell_view {
	struct access *a;
	uint32_t n;
	uint16_t word;			/* TOKEN_WORDS: stands for all words that nobody touched */
	const struct carried *carried;
	uint32_t carried_count;
	const struct carried_state *state;
	uint32_t states;		/* 0: all that go together by the rest */
	uint8_t zero;			/* copies that may hold zero since the barrier */
	uint8_t any;			/* copies that may hold anything since then */
	bool zero_plain;		/* no reset: zero is a value with one source */
	struct cluster *cluster;
	uint32_t clusters, cluster_room;
	uint32_t *table;		/* hash: value to cluster + 1 */
	uint32_t table_mask, table_room;
	struct zones zone[3];		/* by copy; last: copy not known or not sure */
	struct spans write[2];		/* definite writes; only where contents were undefined */
	struct sole *sole[2];
	uint32_t soles[2], sole_room[2];
	uint64_t zero_read[2];		/* latest begin of a read of zero */
	struct anomaly anomaly;		/* the earliest one; count is 0 while there is none */
	uint32_t reports;		/* of anomalies */
	bool searched;			/* to the end: what all orders leave is known */
	bool derived;			/* what is found now follows from more than its witness */
	bool anomaly_derived;		/* so it did: give way to one that needs no more */
};

struct search;

struct log_cursor {
	uint64_t begin;			/* of the next event */
	const struct event *at, *end;
};

struct checker {
	struct checker_config config;
	uint8_t copies;			/* of a page, a bit each */
	uint64_t barrier;		/* tickets up to this one are over */
	struct log_cursor *log;
	uint32_t logs, log_room;
	struct event *op;		/* on whole pages, by begin */
	uint32_t ops, op_room;
	uint32_t *page_op;		/* indices into op, by page */
	uint32_t *page_op_start;
	size_t page_op_room;
	uint64_t page_ops;		/* pages of all ranges since the last barrier */
	struct access *access;		/* by page */
	uint32_t *access_start;
	size_t access_room;
	struct access *sorted;		/* of one page, by word */
	size_t sorted_room;
	struct page_state *page;
	struct page_view view;
	struct cell_view cell;
	struct search *search;
	struct carried *carried;	/* of all pages, since the barrier */
	uint32_t carried_room;
	struct carried *next;		/* of all pages, from the barrier that comes now */
	uint32_t next_count, next_room;
	struct carried_state *carried_state, *next_state;	/* the same two of these */
	uint32_t carried_state_room, next_states, next_state_room;
	uint8_t next_zero, next_any;	/* of words of the page that nobody touched */
	uint32_t sequence[ACTORS];	/* highest seen, plus one; by actor in the token */
	uint32_t before[ACTORS];	/* the same, at the last barrier */
	struct anomaly kept[CHECKER_KEPT];
	unsigned int found;
	bool refused;			/* a log: the whole is not judged */
	struct checker_stats stats;
	char error[240];
};

/* Of pages as a whole, not of one word. */
static inline bool event_on_pages(const struct event *e)
{
	return e->kind != EVENT_READ && e->kind != EVENT_WRITE;
}

/* Room for @want elements of @size in @array; what is there stays. */
void *checker_room(struct checker *c, void *array, size_t have, size_t want, size_t size);
/* The same for an array that is new, of @count elements that are zero. */
void *checker_room_zeroed(struct checker *c, size_t count, size_t size);
/* Room for as many events between two barriers, resident at once. */
void checker_room_for(struct checker *c, uint32_t events);

#define CHECKER_ROOM(c, array, room, want) do {						\
	if ((want) > (room)) {								\
		size_t more_ = (size_t)(want) + (want) / 2 + 8;				\
		(array) = checker_room(c, array, room, more_, sizeof(*(array)));	\
		(room) = more_;								\
	}										\
} while (0)

/* Forget the clusters of the cell; there will be no more than @room of them. */
void clusters_clear(struct checker *c, uint32_t room);
/* A source of a value; the second one of a value makes both duplicates. */
struct cluster *cluster_add(struct cell_view *cell, uint64_t value, uint64_t begin, uint64_t end,
			    uint32_t source);
/* The cluster of this value, or NULL. */
struct cluster *cluster_find(const struct cell_view *cell, uint64_t value);
/* Add a read to the cluster of what it returned, or say why there is none. */
void read_judge(struct checker *c, uint32_t read);
/* Join the clusters of what an exchange found and left. */
void exchange_judge(struct checker *c, uint32_t read);
void cell_judge(struct checker *c);
/* What is wrong with it, as far as looking at pairs can tell. */
void rules_judge(struct checker *c);
void cell_carry(struct checker *c);
/* Nothing happened to the page: what may be there stays. */
void page_carry(struct checker *c, struct page_state *p);
/* The page has been judged; what is carried of it begins at these. */
void page_keep(struct checker *c, struct page_state *p, uint32_t first, uint32_t state_first);
/* What was found to be carried is what the next run begins with. */
void carried_swap(struct checker *c);
void zero_judge(struct checker *c);
/* What all orders of the word that explain its reads leave; values go to carry_value(). */
struct leaves search_leaves(struct checker *c);
/* Of the word being judged: in copies @mask the value may be there at the barrier. */
void carry_value(struct checker *c, uint64_t value, uint8_t mask);

void zones_build(struct checker *c);
void zones_judge(struct checker *c);
void zones_judge_undecided(struct checker *c);
/* Among the zones of a copy with f before @t the one with the latest s, but not @self. */
const struct zone *zone_before(struct zones *z, uint64_t t, const struct zone *self);
void zones_clear(struct cell_view *cell);

#endif /* ORACLE_PARTS_H */
