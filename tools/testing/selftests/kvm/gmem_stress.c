// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random plans on several VMs: vCPUs and host threads read, write, punch, convert, unplug,
 * reopen, remap and fork, all on the same pages and words at the same time.  Each round's
 * history is judged by the checker at the end of the round.
 */
#include <stdio.h>
#include <string.h>
#include "aim/preemptor.h"
#include "harness/known_issues.h"
#include "harness/nodes.h"
#include "stage/campaign.h"
#include "stage/replay.h"

static uint64_t vms, vcpus, hosts, pages = 64, slots = 2;
static uint64_t total_ops, round_ops = 200, guest_ops = 600;
static uint64_t first_round, minimise_wanted, bench_wanted, spread = 1, preempt = 1;
static const char *mix_text, *record_path, *replay_path;

static uint64_t clamp(uint64_t value, uint64_t minimum, uint64_t maximum)
{
	return value < minimum ? minimum : value > maximum ? maximum : value;
}

/*
 * Two VMs, so that pages go from one to the other, and a little more to do than there are
 * CPUs, so that vCPUs are scheduled out at awkward times.
 */
static void choose_defaults(void)
{
	const uint64_t cpus = nodes_cpus();

	vms = clamp(cpus / 8, 2, 8);
	vcpus = clamp(cpus / 2 / vms, 2, 8);
	hosts = clamp(cpus / 2 / vms, 1, 8);
}

static bool wrong(const char *name, const char *what)
{
	fprintf(stderr, "%s: %s\n", name, what);
	return false;
}

static struct plan_config shape_of(enum memory_kind kind)
{
	return (struct plan_config){
		.kind = kind, .vcpus = vcpus, .hosts = hosts, .pages = pages, .slots = slots,
		.ops = round_ops, .guest_ops = guest_ops, .mix = mix_default(), .swarm = !mix_text,
	};
}

static bool check_plan(char *error, size_t size)
{
	FILE *file = fopen(replay_path, "re");
	struct plan plan;
	bool good;

	if (!file) {
		snprintf(error, size, "--replay %.80s: %m; expected a plan", replay_path);
		return false;
	}
	good = plan_read(&plan, file, replay_path, error, size);
	fclose(file);
	if (good)
		plan_free(&plan);
	return good;
}

/* Whichever sub-tests run. */
static bool check_options(const char *name)
{
	struct plan_config shape = shape_of(MEMORY_SHARED);
	char error[PLAN_ERROR_MAX + 16];

	if (minimise_wanted && !(replay_path && record_path))
		return wrong(name, "--minimise: expected --replay FILE and --record FILE, too");
	if (replay_path && !check_plan(error, sizeof(error)))
		return wrong(name, error);
	if (!vcpus && !hosts)
		return wrong(name, "--vcpus 0 --host-threads 0: expected somebody who does something");
	if (mix_text && !mix_parse(mix_text, &shape.mix, error, sizeof(error)))
		return wrong(name, error);
	return true;
}

static void configure(struct campaign_config *config, const struct run *run)
{
	char error[PLAN_ERROR_MAX];

	*config = (struct campaign_config){
		.shape = shape_of(*(const enum memory_kind *)run->arg),
		.shard = run->shard, .shards = run->shards,
		.vms = vms, .ops = total_ops, .first = first_round, .spread = spread,
		.record = record_path,
	};
	if (mix_text && !mix_parse(mix_text, &config->shape.mix, error, sizeof(error)))
		verdict_fail(VERDICT_SETUP, "%s", error);
	if (!plan_config_check(&config->shape, error, sizeof(error)))
		verdict_fail(VERDICT_SETUP, "%s", error);
}

static struct preemptor *take_cpus(const struct run *run)
{
	struct preemptor *p = preempt ? preemptor_start(run->seed) : NULL;

	if (preempt && !p)
		verdict_note("%s: no CPU is taken away: this process may not raise priorities",
			     run->id);
	return p;
}

static void run_campaign(const struct run *run)
{
	struct campaign_config config;
	struct preemptor *p;

	if (replay_path)
		verdict_skip("--replay runs stress/replay only");
	configure(&config, run);
	if (bench_wanted) {
		campaign_bench(&config, run);
		return;
	}
	p = take_cpus(run);
	campaign_run(&config, run);
	preemptor_stop(p);
}

static void run_replay(const struct run *run)
{
	struct preemptor *p;

	if (!replay_path)
		verdict_skip("no plan given (--replay FILE)");
	if (minimise_wanted && !record_path)
		verdict_fail(VERDICT_SETUP, "--minimise needs --record FILE for the smaller plan");
	p = take_cpus(run);
	if (minimise_wanted)
		replay_minimise(replay_path, record_path, run);
	else
		replay_run(replay_path, run);
	preemptor_stop(p);
}

#define CAMPAIGN(kind)	run_campaign, &(const enum memory_kind){ kind }
#define CLAIM		"every value read in random plans is explained by their history"

static const struct subtest subtests[] = {
	{ "stress/private", CLAIM ": private and shared copies", CAMPAIGN(MEMORY_SPLIT),
	  &known_hole_warn },
	{ "stress/shared", CLAIM ": shared guest_memfd", CAMPAIGN(MEMORY_SHARED),
	  &known_hole_warn },
	{ "stress/sealed", CLAIM ": guest_memfd that the host must not touch",
	  CAMPAIGN(MEMORY_SEALED), &known_hole_warn },
	{ "stress/in-place", CLAIM ": guest_memfd whose pages are converted in place",
	  CAMPAIGN(MEMORY_INPLACE), &known_hole_warn },
	{ "stress/anonymous", CLAIM ": anonymous memory", CAMPAIGN(MEMORY_ANON), &known_hole_warn },
	{ "stress/replay",
	  "every value read while a plan from a file runs is explained by its history",
	  run_replay, NULL,
	  &known_hole_warn },
};

int main(int argc, char **argv)
{
	static const struct program_option options[] = {
		{ "--vms", "VMs at the same time", &vms, 1, CAMPAIGN_VMS_MAX },
		{ "--vcpus", "vCPUs of each", &vcpus, 0, PLAN_VCPUS_MAX },
		{ "--host-threads", "host threads that work on each", &hosts, 0, PLAN_HOSTS_MAX },
		{ "--pages", "pages of guest memory", &pages, 1, PLAN_PAGES_MAX },
		{ "--slots", "memslots, all on one file", &slots, 1, PLAN_MEMSLOTS_MAX },
		{ "--ops", "operations in all; 0: for --duration", &total_ops, 0, UINT64_MAX },
		{ "--round-ops", "operations of a host thread in a round", &round_ops, 1,
		  PLAN_OPS_MAX },
		{ "--guest-ops", "operations of a vCPU in a round", &guest_ops, 1, PLAN_OPS_MAX },
		{ "--mix", "weights, such as punch=3,fork=0", .text = &mix_text },
		{ "--first-round", "round to begin with", &first_round, 0, UINT32_MAX },
		{ "--spread", "1: threads and memory go round the NUMA nodes", &spread, 0, 1 },
		{ "--preempt", "1: threads of real-time priority take CPUs away at random",
		  &preempt,
		  0, 1 },
		{ "--record", "file for the first plan, or the smaller one",
		  .text = &record_path },
		{ "--replay", "file with a plan to run", .text = &replay_path },
		{ "--minimise", "1: make the replayed plan smaller", &minimise_wanted, 0, 1 },
		{ "--bench", "1: measure the cost of checking instead", &bench_wanted, 0, 1 },
		{ 0 }
	};
	static const struct program program = {
		.name = "gmem_stress", .subtests = subtests, .count = ARRAY_SIZE(subtests),
		.options = options, .duration = 5, .whole = true, .check = check_options,
	};

	choose_defaults();
	return runner_main(argc, argv, &program);
}
