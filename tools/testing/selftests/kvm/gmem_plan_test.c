// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random plans: vCPUs and host threads read, write, punch, convert, unplug, reopen, remap
 * and fork, all on the same pages and words at the same time.  Each round's history is
 * judged by the checker at the end of the round.
 */
#include <stdio.h>
#include <time.h>
#include "known_issues.h"
#include "minimise.h"
#include "runner.h"
#include "stage.h"

static uint64_t vcpus = 2, hosts = 1, pages = 64, slots = 2, ops = 200, minimise_wanted;
static const char *mix_text, *record_path, *replay_path;

/* Repetitions that --minimise may take. */
#define MINIMISE_BUDGET_RUNS	4000

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

/* Write the plan that is about to run or that failed, where --record says. */
static void record(const struct plan *plan)
{
	char error[PLAN_ERROR_MAX];

	if (record_path && !plan_save(plan, record_path, error, sizeof(error)))
		verdict_fail(VERDICT_SETUP, "%s", error);
}

static void configure(struct plan_config *config, const struct run *run, enum ram_kind kind)
{
	char error[PLAN_ERROR_MAX];

	*config = (struct plan_config){
		.kind = kind, .vcpus = vcpus, .hosts = hosts, .pages = pages, .slots = slots,
		.ops = ops, .seed = run->seed, .mix = mix_default(),
	};
	/* Fetching from a hole ends KVM_RUN in ways of its own: only on request. */
	config->mix.weight[PLAN_EXECUTE] = 0;
	if (mix_text && !mix_parse(mix_text, &config->mix, error, sizeof(error)))
		verdict_fail(VERDICT_SETUP, "%s", error);
	if (!plan_config_check(config, error, sizeof(error)))
		verdict_fail(VERDICT_SETUP, "%s", error);
}

static void run_plans(const struct run *run)
{
	struct plan_config config;
	struct stage *s;
	uint32_t round;
	double start;

	if (replay_path)
		verdict_skip("--replay runs plan/replay only");
	configure(&config, run, *(const enum ram_kind *)run->arg);
	s = stage_create(&config, ops, true);
	start = seconds();
	for (round = 0; seconds() - start < run->duration; round++) {
		struct plan plan;
		int cells;

		plan_generate(&plan, &config, run->seed, round);
		if (!round)
			record(&plan);
		cells = stage_run(s, &plan);
		if (cells)
			record(&plan);
		if (cells)
			fail(s, &plan, cells);
		plan_free(&plan);
		verdict_progress();
	}
	summarise(s, round, seconds() - start);
	stage_destroy(s);
}

static uint32_t longest_list(const struct plan *plan)
{
	uint32_t i, longest = 1;

	for (i = 0; i < plan_actors(plan); i++)
		if (plan->actors[i].count > longest)
			longest = plan->actors[i].count;
	return longest;
}

/* One repetition, on a VM of its own: nothing of the one before is left. */
static int replay_once(const struct plan *plan, bool report)
{
	struct stage *s = stage_create(&plan->config, longest_list(plan), true);
	int cells = stage_run(s, plan);

	if (cells && report)
		fail(s, plan, cells);
	stage_destroy(s);
	verdict_progress();
	return cells;
}

static unsigned int judge(const struct plan *plan, unsigned int n, void *arg)
{
	unsigned int failures = 0;

	(void)arg;
	while (n--)
		failures += replay_once(plan, false) > 0;
	return failures;
}

static void minimise_plan(struct plan *plan)
{
	const struct minimise how = {
		.judge = judge, .repetitions = 10, .threshold = 9, .budget = MINIMISE_BUDGET_RUNS,
	};
	uint32_t before = plan_ops(plan);
	struct minimise_result r = minimise(plan, &how);

	verdict_note("%u operations of %u left, failed %u of %u, after %llu runs: %s",
		     plan_ops(plan), before, r.failures, r.repetitions,
		     (unsigned long long)r.runs, minimise_end_name(r.end));
	record(plan);
}

static void run_replay(const struct run *run)
{
	char error[PLAN_ERROR_MAX];
	struct plan plan;
	uint64_t i;

	if (!replay_path)
		verdict_skip("no plan given (--replay FILE)");
	if (!plan_load(&plan, replay_path, error, sizeof(error)))
		verdict_fail(VERDICT_SETUP, "%s", error);
	if (minimise_wanted)
		minimise_plan(&plan);
	for (i = 0; i < run->iterations; i++)
		replay_once(&plan, true);
	plan_free(&plan);
}

#define PLANS(kind)	run_plans, &(const enum ram_kind){ kind }
#define CLAIM		"every value read in random plans is explained by their history"

static const struct subtest subtests[] = {
	{ "plan/private", CLAIM, PLANS(RAM_SPLIT) },
	{ "plan/shared", CLAIM, PLANS(RAM_SHARED), &known_hole_warn },
	{ "plan/anonymous", CLAIM, PLANS(RAM_ANON), &known_hole_warn },
	{ "plan/replay", "the plan given with --replay shows no wrong value", run_replay, NULL,
	  &known_hole_warn },
};

int main(int argc, char **argv)
{
	static const struct program_option options[] = {
		{ "--vcpus", "vCPUs", &vcpus, 1, 14 },
		{ "--host-threads", "host threads", &hosts, 1, 14 },
		{ "--pages", "pages of guest memory", &pages, 1, 4096 },
		{ "--slots", "memslots on one file", &slots, 1, PLAN_MEMSLOTS_MAX },
		{ "--ops", "operations of each in a round", &ops, 1, PLAN_OPS_MAX },
		{ "--mix", "weights, such as punch=3,fork=0", .text = &mix_text },
		{ "--record", "file for the plan that failed, or else the first", .text = &record_path },
		{ "--replay", "file with a plan to run", .text = &replay_path },
		{ "--minimise", "1: make the replayed plan smaller first", &minimise_wanted, 0, 1 },
		{ 0 }
	};
	static struct program program = PROGRAM("gmem_plan_test", subtests);

	program.options = options;
	program.duration = 5;
	return runner_main(argc, argv, &program);
}
