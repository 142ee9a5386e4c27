/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Judge a history: is there any order of its operations, each taking effect at one
 * point within its interval, in which every read returns what was there?
 *
 * A cell is one word of one page, in one of the page's copies.  In place, a page has one
 * copy and a conversion keeps its contents; split, it has two and conversions decide
 * which one an access reaches.  Cells are independent, except that conversions concern
 * all words of a page at once.
 *
 * A search decides (search.c): it goes through a word's operations in order of time and keeps
 * all states that the word may be in, so it is exact; where few operations overlap, as mostly,
 * there is one state.  What is impossible is made as small as can be and still impossible
 * (prove.c); what would have to be different for an order says what it means (explain.c).
 *
 * Impossible, and not seen (selfcheck/golden/checker/missed-*):
 *  - That two words of a page need conversions in contradicting orders, unless they leave the page
 *    in different states: each is judged alone (missed-two-words).
 *  - What the word may be like at a barrier, if that are more than 64 states: anything then, until
 *    the next definite write or reset (missed-barrier-many-values).
 *  - A word that is too much for the search is not judged, and counted (checker_stats.unjudged):
 *    far more operations on the page that may not have happened than the word has accesses
 *    (missed-many-resets), more than 32 operations on the word under way at once, more than 1024
 *    states of it, or far more than one for an access, mostly.
 * Each read of undefined contents may return anything, two of them different things.
 *
 * Nothing before a barrier is kept but those states, so memory is bounded by the cells in use and
 * the operations between two barriers.
 */
#ifndef CHECKER_H
#define CHECKER_H

#include <stdbool.h>
#include <stdint.h>
#include "abi/history.h"
#include "harness/verdict.h"

#define CHECKER_KEPT	16	/* anomalies remembered in full, the earliest ones */

/* Pages in the ranges of all events between two barriers, each range counted for itself. */
#define CHECKER_PAGE_OPS_MAX	(1u << 26)
#define ANOMALY_WITNESS	24
#define ANOMALY_TEXT	6000	/* bytes that its description needs */

struct checker;

struct checker_config {
	unsigned int vm;	/* whose tokens belong here */
	uint32_t pages;
	uint32_t events;	/* between two barriers, to have room from the start; or 0 */
	bool split;
	bool undefined[2];	/* [to]: contents are undefined after a conversion to this copy */
	bool shared;		/* state of all pages at the start, unless ... */
	const uint8_t *state;	/* ... given one by one: 0 private, 1 shared; may be NULL */
};

/* The part that an event plays in the proof. */
enum witness_role {
	WITNESS_SOURCE,		/* where the value came from */
	WITNESS_BETWEEN,	/* what must have taken it away */
	WITNESS_PROOF,		/* a read that shows that a value had arrived, or still was there */
	WITNESS_STATE,		/* the conversion that fixes which copy an access reached */
	WITNESS_READ,		/* what cannot be explained */
};

struct witness {
	struct event event;
	enum witness_role role;
};

struct anomaly {
	enum verdict_class cls;
	uint32_t page;
	uint16_t word;
	uint64_t ticket;	/* when it showed: begin of the last event of the witness */
	const char *why;
	unsigned int count;
	bool more;		/* the proof has more events than there is room for */
	struct witness witness[ANOMALY_WITNESS];	/* in ticket order */
};

struct checker_stats {
	uint64_t events;
	uint64_t reads;
	uint64_t unjudged;	/* words, in each round, that were too much for the search */
	uint64_t undecided;	/* accesses that may have reached either copy */
	uint64_t bytes;		/* allocated by the checker */
};

/**
 * checker_create() - begin to judge a VM's history
 * @config: what the VM is like, where all its memory is zero
 *
 * Return: the checker; running out of memory ends the sub-test.
 */
struct checker *checker_create(const struct checker_config *config);

/**
 * checker_destroy() - forget a history
 * @c: the checker
 */
void checker_destroy(struct checker *c);

/**
 * checker_add_log() - hand over what one actor did since the last barrier
 * @c: the checker
 * @log: its log; must stay as it is until checker_run() has returned
 *
 * Return: true; false if the log cannot be judged: events were lost, are out of order or
 * make no sense; checker_error() says which.
 */
bool checker_add_log(struct checker *c, const struct history_log *log);

/**
 * checker_error() - say why checker_add_log() refused a log
 * @c: the checker
 *
 * Return: one line.
 */
const char *checker_error(const struct checker *c);

/**
 * checker_run() - judge everything since the last barrier, and forget it
 * @c: the checker
 *
 * To be called at a barrier: no actor is within an operation, and all logs were added.
 * A cell with an anomaly counts as undefined afterwards, so that one fault is reported once.
 *
 * Return: number of cells with an anomaly; -1 if a log was refused: nothing was judged then.
 */
int checker_run(struct checker *c);

/**
 * checker_anomaly() - get an anomaly of the last run
 * @c: the checker
 * @n: its number, the earliest being 0
 *
 * Return: the anomaly, valid until the next run; NULL if there is none or it was not kept.
 */
const struct anomaly *checker_anomaly(const struct checker *c, unsigned int n);

/**
 * checker_shared() - what is a page at a barrier?
 * @c: the checker
 * @page: which one
 * @before: at that before the last run, not at that after it
 *
 * Return: true if it was shared for sure.
 */
bool checker_shared(const struct checker *c, uint32_t page, bool before);

/**
 * checker_stats() - get the sums over all runs
 * @c: the checker
 *
 * Return: the sums.
 */
struct checker_stats checker_stats(const struct checker *c);

/**
 * anomaly_describe() - the proof in words: a line for each event, and why it is impossible
 * @a: the anomaly
 * @text: where to
 * @size: of @text; ANOMALY_TEXT bytes are enough
 */
void anomaly_describe(const struct anomaly *a, char *text, size_t size);

#endif /* CHECKER_H */
