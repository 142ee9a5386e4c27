/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The exact model of one 8-byte word that has a single writer.
 *
 * For each of the page's two copies the model keeps the few values that the word
 * may legally hold.  An access that lay wholly within one state of the timeline is
 * definite: a write leaves exactly one candidate, a read has to return one of them
 * and leaves only that.  An access that overlapped an operation of the host may
 * have met either state, so the sets grow; they never grow by anything that no
 * legal order of events could produce.
 *
 * The model knows nothing of KVM, runs in the guest as well as on the host, and is
 * tested alone (selfcheck/cell_selfcheck.c).
 */
#ifndef CELL_H
#define CELL_H

#include <stdbool.h>
#include <stdint.h>
#include "abi/timeline.h"

#define CELL_CANDIDATES	5

/* A read where there is no memory returns this: the host answers the MMIO exit with it. */
#define WATCH_ABSENT	0xab5e47ab5e47ab5eull

struct cell_copy {
	uint64_t value[CELL_CANDIDATES];
	uint8_t count;
	uint8_t any;		/* candidates overflowed: nothing can be said */
};

struct cell {
	struct cell_copy copy[2];
	uint64_t applied;	/* resets leading to states up to this one are accounted for */
};

/**
 * cell_init() - start with known contents in both copies
 * @c: the cell
 * @q: the state of the timeline (epoch / 2) at which it starts
 * @value0: contents of copy 0
 * @value1: contents of copy 1
 */
void cell_init(struct cell *c, uint64_t q, uint64_t value0, uint64_t value1);

/**
 * cell_write() - account for a write by the owner
 * @c: the cell
 * @t: the timeline of its page
 * @value: what was written
 * @before: epoch that the owner read before the write
 * @after: epoch that the owner read after the write was globally visible
 */
void cell_write(struct cell *c, const struct timeline *t, uint64_t value,
		uint64_t before, uint64_t after);

/**
 * cell_read() - judge a read by the owner
 * @c: the cell
 * @t: the timeline of its page
 * @value: what was read
 * @before: epoch that the owner read before the word
 * @after: epoch that the owner read after the word
 *
 * Return: true if some legal order of events explains @value, or if the host has overwritten
 * the states that the read may have met: the model forgets what it knew then.
 */
bool cell_read(struct cell *c, const struct timeline *t, uint64_t value,
	       uint64_t before, uint64_t after);

/**
 * cell_expected() - a value that a read in one state should have returned
 * @c: the cell
 * @t: the timeline of its page
 * @q: the state (epoch / 2)
 *
 * Return: the first candidate, for the report of an anomaly; WATCH_ABSENT if there is no memory
 * in that state.
 */
uint64_t cell_expected(const struct cell *c, const struct timeline *t, uint64_t q);

#endif /* CELL_H */
