/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vCPUs and host threads that keep using a piece of guest RAM, each its own word of
 * every page, while the test does something to it.
 *
 *	watchers_start(&w, ram, agents, n, &config);
 *	for (...) {
 *		watchers_begin(&w, first, pages, TIMELINE_RESET0);
 *		gmem_punch(...);
 *		watchers_end(&w, first, pages);
 *		watchers_pass(&w);	// everybody has looked at every page since
 *	}
 *	watchers_stop(&w);		// fails the sub-test if anybody saw an anomaly
 *
 * Operations on disjoint pages may overlap; on one page they may not.
 */
#ifndef WATCHER_H
#define WATCHER_H

#include "machine/agent.h"
#include "machine/host_actor.h"
#include "memory/memory_operation.h"

#define WATCHERS_MAX	32

struct watchers_config {
	uint32_t flags;			/* WATCH_* */
	unsigned int host_actors;	/* threads on the host's mapping of the RAM */
	uint8_t state;			/* TIMELINE_* that the pages start in */
	uint64_t seed;
};

struct watchers {
	struct memory *ram;
	uint32_t pages;
	struct timeline *timelines;	/* one per page */
	struct agent *agents[WATCHERS_MAX];
	struct watch *watches[WATCHERS_MAX];	/* of agents, then of host actors */
	struct host_actor *hosts[WATCHERS_MAX];
	unsigned int agent_count;
	unsigned int host_count;
	uint32_t refused[WATCHERS_MAX];	/* memory faults in a row on memory that is there */
	uint64_t operations;		/* watchers_begin() calls */
	uint8_t copy;			/* of split memory, that is seen now */
};

/**
 * watchers_start() - let agents and host threads loose on all of @ram
 * @w: filled in
 * @ram: zeroed memory, so far untouched
 * @agents: idle agents; their on_fault is taken over
 * @count: how many
 * @config: what they do
 */
void watchers_start(struct watchers *w, struct memory *ram, struct agent **agents,
		    unsigned int count, const struct watchers_config *config);

/**
 * watchers_begin() - an operation on pages begins
 * @w: the watchers
 * @first: first page
 * @pages: how many
 * @state: TIMELINE_*, that it leads to
 */
void watchers_begin(struct watchers *w, uint32_t first, uint32_t pages, uint8_t state);

/**
 * watchers_end() - the operation has returned
 * @w: the watchers
 * @first: first page
 * @pages: how many
 */
void watchers_end(struct watchers *w, uint32_t first, uint32_t pages);

/**
 * watchers_operate() - carry an operation out and tell the timelines what it does
 * @w: the watchers
 * @id: the operation; one that takes nothing that would have to be undone
 * @first: first page
 * @pages: how many
 *
 * Ends the sub-test if it does not succeed.  When it returns, nobody has looked yet:
 * watchers_pass().
 */
void watchers_operate(struct watchers *w, enum operation_id id, uint32_t first, uint32_t pages);

/**
 * watchers_pass() - wait until every watcher has gone over all its pages once more
 * @w: the watchers
 *
 * Ends the sub-test on an anomaly.
 */
void watchers_pass(struct watchers *w);

/**
 * watchers_check() - end the sub-test if a watcher has found an anomaly
 * @w: the watchers
 */
void watchers_check(struct watchers *w);

/**
 * watchers_stop() - stop all watchers, check, and account for the overlaps
 *    (verdict_exercised())
 * @w: the watchers
 */
void watchers_stop(struct watchers *w);

/**
 * watchers_overlaps() - count the accesses that met an operation under way
 * @w: the watchers
 *
 * Return: their number.
 */
uint64_t watchers_overlaps(const struct watchers *w);

#endif /* WATCHER_H */
