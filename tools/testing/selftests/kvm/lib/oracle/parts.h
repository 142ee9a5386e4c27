/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Inside the checker.
 *
 *	log		takes the logs, refuses those that make no sense
 *	room		memory of all of them
 *	checker		orders events and distributes them to pages and cells
 *	span		answers questions about operations on a page
 *	cell		a cell: prepares its accesses, has everything else done to it
 *	cluster		the write of a value and its reads, found by the value
 *	read		reads find the cluster of their value
 *	zone		clusters are compared
 *	zero		reads of zero, where it has several sources
 *	carry		what the cell may hold at the barrier
 *	witness		the proof of an anomaly
 */
#ifndef ORACLE_PARTS_H
#define ORACLE_PARTS_H

#include "oracle/checker.h"

#define NONE		UINT32_MAX
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

/* Operations of one sort on one copy, asked for in order of begin or of end. */
struct span {
	uint64_t begin, end;
	uint64_t latest;	/* end of this one and all that began before */
	uint32_t op;		/* in checker.ops; NONE: known from the barrier */
};

struct span_done {		/* definite ones, by end */
	uint64_t end;
	uint64_t begin;		/* the latest of this one and all that ended before, ... */
	uint32_t op;		/* ... and which one that is */
};

struct spans {
	struct span *all;
	struct span_done *done;
	uint32_t count, definite, room;
	uint32_t all_hint, done_hint;	/* where the last question led */
};

/* What happened to the page being judged as a whole, by copy. */
struct page_view {
	uint32_t page;
	struct spans reset[2], undefined[2], convert[2];
};

/* What a word may hold at a barrier; several for a word, none if it is like untouched ones. */
struct carried {
	uint64_t value;
	uint16_t word;
	uint8_t mask;		/* in which copies */
	uint8_t any;		/* anything, value says nothing */
};

struct page_state {
	uint32_t first, count;		/* in checker.carried, by word */
	uint8_t copies;			/* which one accesses may reach, a bit each */
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
	uint32_t zero_op;		/* reset that block is from; NONE: no matter */
	uint64_t block;			/* if below f: when the zero was there that it came of */
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
	bool undecided;			/* some access may have met either copy */
	bool blocks;			/* zones begin with the zero that they were made of */
	bool derived;			/* what is found now follows from more than its witness */
	bool anomaly_derived;		/* so it did: give way to one that needs no more */
};

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
	struct carried *carried;	/* of all pages, since the barrier */
	uint32_t carried_room;
	struct carried *next;		/* of all pages, from the barrier that comes now */
	uint32_t next_count, next_room;
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

/* Room for @count spans from the start, resident at once. */
void spans_room(struct checker *c, struct spans *s, uint32_t count);
/* Spans come in order of begin; seal them before asking. */
void spans_add(struct checker *c, struct spans *s, uint64_t begin, uint64_t end, uint32_t op,
	       bool definite);
void spans_seal(struct spans *s);
void spans_free(struct spans *s);
/* Of the definite ones that ended before @t, the one that began last; NULL if there is none. */
const struct span_done *spans_before(struct spans *s, uint64_t t);
uint32_t spans_begun(struct spans *s, uint64_t t);
/* Is there one that began before @begun and ended after @ended (0: at all)? */
bool spans_alive(struct spans *s, uint64_t begun, uint64_t ended);
uint64_t spans_last_begin(const struct spans *s);

void page_view_build(struct checker *c, uint32_t page);
/* Copies that an access between these tickets may have met, by the state of the page. */
uint8_t page_reach(struct page_view *v, uint64_t begin, uint64_t end);
/* The same at the barrier that comes now. */
uint8_t page_copies_after(struct page_view *v);

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
void cell_carry(struct checker *c);
/* Nothing happened to the page: what may be there stays. */
void page_carry(struct checker *c, struct page_state *p);
/* The page has been judged; what is carried of it begins at @first. */
void page_keep(struct checker *c, struct page_state *p, uint32_t first);
/* What was found to be carried is what the next run begins with. */
void carried_swap(struct checker *c);
void zero_judge(struct checker *c);
/* Exchanges that found zero: what they left, and the zero, are one block. */
void zero_blocks_judge(struct checker *c);
/* Accesses of which only this is known: that they met the same copy. */
void gaps_judge(struct checker *c);

void zones_build(struct checker *c);
void zones_judge(struct checker *c);
void zones_judge_undecided(struct checker *c);
/* Among the zones of a copy with f before @t the one with the latest s, but not @self. */
const struct zone *zone_before(struct zones *z, uint64_t t, const struct zone *self);
void zones_clear(struct cell_view *cell);

/* More reports on this cell would only cost time: what comes first was looked at first. */
bool anomaly_enough(struct checker *c);
/* Begin the report of an anomaly; what is added comes from the cell being judged. */
struct anomaly anomaly_new(enum verdict_class cls, const char *why);
void anomaly_access(struct checker *c, struct anomaly *a, enum witness_role role, uint32_t access);
void anomaly_op(struct checker *c, struct anomaly *a, enum witness_role role, uint32_t op);
/*
 * The part of a zone that conflicts with something that lasted from @f to @s: what began
 * last of it after @f, and what ended first before @s, as close together as possible.
 */
struct proof {
	const struct cluster *first, *last;
	uint32_t f_op, s_op;
	uint64_t f, s;		/* end of f_op, begin of s_op */
};

struct proof zone_proof(const struct checker *c, const struct zone *z, uint64_t f, uint64_t s);
void anomaly_proof(struct checker *c, struct anomaly *a, const struct proof *p);
/* An access to a cluster; NONE: the value was there at the barrier. */
void anomaly_cluster(struct checker *c, struct anomaly *a, const struct cluster *k,
		     uint32_t access);
/* The write of a cluster, or what was known of it at the barrier. */
void anomaly_source(struct checker *c, struct anomaly *a, const struct cluster *k);
/* What the word was known to hold at the barrier, in copies @mask. */
void anomaly_known(struct checker *c, struct anomaly *a, uint8_t mask);
void anomaly_done(struct checker *c, struct anomaly *a);
/* Put the cell's anomaly among the earliest ones. */
void anomaly_keep(struct checker *c);

#endif /* ORACLE_PARTS_H */
