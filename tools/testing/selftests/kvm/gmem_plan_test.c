// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random plans: vCPUs and host threads read, write, punch, convert, unplug, reopen, remap
 * and fork, all on the same pages and words at the same time.  Each round's history is
 * judged by the checker at the end of the round.
 */
#include <stdio.h>
#include <time.h>
#include "known_issues.h"
#include "runner.h"
#include "stage.h"

static uint64_t vcpus = 2, hosts = 1, pages = 64, slots = 2, ops = 200;

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void fail(const struct stage *s, const struct plan *plan, int cells)
{
	const struct anomaly *a = checker_anomaly(s->checker, 0);
	char text[1600];

	anomaly_describe(a, text, sizeof(text));
	verdict_fail(a->cls, "%s, VM type %s, seed %#llx, round %u: %d words wrong, the first:\n%s",
		     ram_kind_name(s->config.kind), s->vm->type->name,
		     (unsigned long long)plan->config.seed, plan->config.round, cells, text);
}

static void summarise(const struct stage *s, uint32_t rounds, double duration)
{
	uint64_t total = 0;
	char line[400];
	uint32_t k;
	int n = 0;

	for (k = 0; k < PLAN_KINDS; k++) {
		total += s->done[k];
		if (s->done[k])
			n += snprintf(line + n, sizeof(line) - n, ", %s %llu", plan_kinds[k].name,
				      (unsigned long long)s->done[k]);
	}
	verdict_note("%s: %u rounds, %.0f operations/s, %llu accesses met a hole%s",
		     ram_kind_name(s->config.kind), rounds, total / duration,
		     (unsigned long long)s->holes, line);
}

static void run_plans(const struct run *run)
{
	struct plan_config config = {
		.kind = *(const enum ram_kind *)run->arg, .vcpus = vcpus, .hosts = hosts,
		.pages = pages, .slots = slots, .ops = ops, .seed = run->seed,
		.mix = mix_default(),
	};
	char error[PLAN_ERROR_MAX];
	struct stage *s;
	uint32_t round;
	double start;

	/* Fetching from a hole ends KVM_RUN in ways of its own; not in random plans yet. */
	config.mix.weight[PLAN_EXECUTE] = 0;
	if (!plan_config_check(&config, error, sizeof(error)))
		verdict_fail(VERDICT_SETUP, "%s", error);
	s = stage_create(&config, ops, true);
	start = seconds();
	for (round = 0; seconds() - start < run->duration; round++) {
		struct plan plan;
		int cells;

		plan_generate(&plan, &config, run->seed, round);
		cells = stage_run(s, &plan);
		if (cells)
			fail(s, &plan, cells);
		plan_free(&plan);
		verdict_progress();
	}
	summarise(s, round, seconds() - start);
	stage_destroy(s);
}

#define PLANS(kind)	run_plans, &(const enum ram_kind){ kind }
#define CLAIM		"every value read in random plans is explained by their history"

static const struct subtest subtests[] = {
	{ "plan/private", CLAIM, PLANS(RAM_SPLIT) },
	{ "plan/shared", CLAIM, PLANS(RAM_SHARED), &known_hole_warn },
	{ "plan/anonymous", CLAIM, PLANS(RAM_ANON), &known_hole_warn },
};

int main(int argc, char **argv)
{
	static const struct program_option options[] = {
		{ "--vcpus", "vCPUs", &vcpus, 1, 14 },
		{ "--host-threads", "host threads", &hosts, 1, 14 },
		{ "--pages", "pages of guest memory", &pages, 1, 4096 },
		{ "--slots", "memslots on one file", &slots, 1, PLAN_MEMSLOTS_MAX },
		{ "--ops", "operations of each in a round", &ops, 1, PLAN_OPS_MAX },
		{ 0 }
	};
	static struct program program = PROGRAM("gmem_plan_test", subtests);

	program.options = options;
	program.duration = 5;
	return runner_main(argc, argv, &program);
}
