/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random plans, round after round, on several VMs at once.
 *
 * VM v of shard i executes the rounds i, i + n, i + 2n, ... of a seed of its own (n shards
 * in all), so that no two VMs of a fleet ever execute the same plan, and any round of any
 * of them can be repeated alone.
 */
#ifndef CAMPAIGN_H
#define CAMPAIGN_H

#include "harness/runner.h"
#include "plan/plan.h"

#define CAMPAIGN_VMS_MAX	15u	/* tokens tell that many apart */

struct campaign_config {
	struct plan_config shape;	/* of each VM; seed and round are set here */
	uint32_t vms;
	uint32_t shard, shards;		/* shard of shards, from 0 */
	uint32_t first;			/* round to begin with */
	uint64_t ops;			/* end after that many; 0: after run->duration */
	bool spread;			/* threads and memory go round the NUMA nodes */
	const char *record;		/* file for the plan of the first round, or NULL */
};

/**
 * campaign_run() - execute, judge, show, and say what was exercised
 * @config: passed plan_config_check()
 * @run: seed, duration, id; a fault leaves its evidence (evidence.h) and ends the sub-test
 */
void campaign_run(const struct campaign_config *config, const struct run *run);

/**
 * campaign_bench() - the cost of judging
 * @config: one VM of it is used
 * @run: seed and duration
 *
 * The same plans with and without histories and checker, in turn; prints operations per
 * second of both and their ratio.
 */
void campaign_bench(const struct campaign_config *config, const struct run *run);

#endif /* CAMPAIGN_H */
