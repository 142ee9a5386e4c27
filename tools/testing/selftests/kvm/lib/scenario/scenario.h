/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A sub-test made of rounds: vCPUs and host threads use a piece of guest RAM all the
 * while, and in each round something is done to it.
 *
 *	static void punch_all(struct watchers *w, struct prng *prng)
 *	{
 *		watchers_begin(w, 0, w->pages, TIMELINE_RESET0);
 *		gmem_punch(w->ram->gmem, 0, w->ram->size);
 *		watchers_end(w, 0, w->pages);
 *		watchers_pass(w);
 *	}
 *
 *	static const struct subtest subtests[] = {
 *		{ "stale/punch", "after a punch nobody sees the old pages",
 *		  SCENARIO(MEMORY_SPLIT, 16, 2, 0, punch_all) },
 *	};
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include "harness/runner.h"
#include "scenario/watcher.h"

/* One row: on which memory, how many pages, and what is done to it in each round. */
struct scenario {
	enum memory_kind kind;
	uint32_t pages;
	unsigned int vcpus;
	unsigned int host_actors;
	void (*round)(struct watchers *w, struct prng *prng);
	uint32_t flags;		/* WATCH_*; 0: read and write */
};

/* The members run and arg of a struct subtest. */
#define SCENARIO(...) scenario_run, &(const struct scenario){ __VA_ARGS__ }

/**
 * scenario_run() - run a scenario: watch, do as many rounds as asked for, stop watching
 * @run: its arg is the struct scenario
 *
 * Only rounds in which an access met the operation count; after ten times as many rounds
 * as asked for it stops all the same.  Memory of many pages gets a tenth.  Ends the
 * sub-test on an anomaly; without any access that met an operation it is "not exercised".
 */
void scenario_run(const struct run *run);

#endif /* SCENARIO_H */
