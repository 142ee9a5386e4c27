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
 *	barrier		the states at the barrier before, and at the one that comes
 *	prove		if there is no order: as little as stays impossible, ...
 *	explain		... what that means, ...
 *	proof		... and how it is shown
 *	witness		the events of an anomaly
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
	uint8_t kind;
};

_Static_assert(sizeof(struct access) == 32, "two per cache line");

/* What the word and its page may be like, and which pending operations have happened. */
struct word_state {
	uint64_t memory[2];
	uint32_t done;
	uint8_t any;		/* copies that may hold anything, a bit each; memory is 0 there */
	uint8_t copy;		/* that accesses reach */
};

/* What a word may be like at a barrier; several for a word, none if it is like untouched ones. */
struct carried {
	struct word_state state;
	uint16_t word;
};

struct page_state {
	uint32_t first, count;		/* in checker.carried, by word */
	uint8_t copies;			/* which one accesses may reach, a bit each */
	uint8_t before;			/* the same at the barrier before the last run */
	uint8_t zero, any;		/* of words not carried: copies that may be so */
};

/* Operations on a page up to one, in order of begin; see skip.c. */
struct page_run {
	uint64_t begin;			/* of the one */
	uint64_t over;			/* when all before it are */
	uint32_t quiet;			/* the last up to it that began when all before were over */
	uint32_t hard;			/* the next from it on that cannot be skipped */
	uint32_t contents[2], state;	/* the last before it that decides these; NONE: none */
};

/* A word of the page being judged, to come back to. */
struct word_place {
	struct access *a;
	const struct carried *carried;
	uint32_t n, carried_count;
	uint16_t word;
	bool set;
};

/* The page being judged. */
struct page_view {
	uint32_t page;
	struct page_run *run;		/* for each operation, and one more */
	uint32_t run_room, hard;	/* how many are hard */
	bool runs;			/* not before somebody asks */
	uint8_t left;			/* copies that accesses may reach afterwards */
	uint8_t zero, any;		/* of words that nobody touched, afterwards */
	struct word_place denies[2];	/* the first word after which it cannot be this one */
};

/* A value that the cell held at the barrier, or that was written. */
struct value {
	uint64_t value;
	uint64_t begin;			/* earliest, of its writes */
	bool wanted;			/* a read that stays in a proof found it */
};

/* The cell being judged. */
struct cell_view {
	struct access *a;
	uint32_t n;
	uint16_t word;			/* TOKEN_WORDS: stands for all words that nobody touched */
	const struct carried *carried;
	uint32_t carried_count;		/* 0: like words that nobody touched */
	struct value *value;		/* not before there is something to prove */
	uint32_t values, value_room;
	uint32_t *table;		/* hash: value to value + 1 */
	uint32_t table_mask, table_room;
	struct anomaly anomaly;		/* why is NULL: none */
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

/* Pages are judged one by one. */
void page_view_begin(struct checker *c, uint32_t page);
/* One operation on the page being judged. */
static inline const struct event *page_op(const struct checker *c, uint32_t i)
{
	return &c->op[c->page_op[c->page_op_start[c->view.page] + i]];
}

/* How many there are. */
static inline uint32_t page_ops(const struct checker *c)
{
	const uint32_t *start = c->page_op_start + c->view.page;

	return start[1] - start[0];
}

void cell_judge(struct checker *c);
/* The values of the cell, for value_find(). */
void values_build(struct checker *c);
/* NULL: it was neither there nor written. */
struct value *value_find(const struct cell_view *cell, uint64_t value);

/*
 * After a search to the end: does the word leave the page what another one says that it is not?
 * If so, @others are the copies that accesses may reach then, by all words before.
 */
bool page_contradicted(struct checker *c, uint8_t *others);
/* What the cell may be like after the search; @searched: it got to the end. */
void cell_carry(struct checker *c, bool searched);
/* Nothing happened to the page: what may be there stays. */
void page_carry(struct checker *c, struct page_state *p);
/* The page has been judged; what is carried of it begins at @first. */
void page_keep(struct checker *c, struct page_state *p, uint32_t first);
/* What was found to be carried is what the next run begins with. */
void carried_swap(struct checker *c);

#endif /* ORACLE_PARTS_H */
