// SPDX-License-Identifier: GPL-2.0-only
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>
#include "evidence.h"
#include "hang.h"
#include "minimise.h"
#include "replay.h"
#include "stage.h"

/* Repetitions that minimising may take. */
#define BUDGET_RUNS	4000

static void load(struct plan *plan, const char *path)
{
	char error[PLAN_ERROR_MAX];

	if (!plan_load(plan, path, error, sizeof(error)))
		verdict_fail(VERDICT_SETUP, "%s", error);
}

/* Nothing of the repetition before is left: the VM is new. */
static void repeat(const struct plan *plan, const struct stage_setup *setup)
{
	struct stage *s = stage_create(&plan->config, setup);

	if (stage_run(s, plan))
		stage_fail_anomaly(s);
	stage_destroy(s);
	verdict_progress();
}

void replay_run(const char *path, const struct run *run)
{
	struct stage_setup setup = {
		.check = true,
		.place = -1,
		.failed = evidence_keep,
		.failed_arg = (void *)run,
	};
	struct plan plan;
	uint64_t i;

	load(&plan, path);
	setup.ops = plan_longest(&plan) ? plan_longest(&plan) : 1;
	for (i = 0; i < run->iterations; i++)
		repeat(&plan, &setup);
	plan_free(&plan);
}

/* One repetition; what it says goes to @v and nowhere else. */
static bool fails(const struct plan *plan, struct verdict *v)
{
	struct stage_setup setup = { .check = true, .place = -1 };
	int status;
	pid_t pid;

	memset(v, 0, sizeof(*v));
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		verdict_current = v;
		setup.ops = plan_longest(plan) ? plan_longest(plan) : 1;
		repeat(plan, &setup);
		v->state = VERDICT_DONE;
		_exit(0);
	}
	verdict_require(pid > 0, "fork");
	if (hang_wait(pid, &v->progress, &status))
		return true;
	if (v->state == VERDICT_SKIPPED || (v->state == VERDICT_FAILED && v->cls == VERDICT_SETUP))
		verdict_fail(VERDICT_SETUP, "the plan cannot be run: %s", v->text);
	return v->state != VERDICT_DONE && v->state != VERDICT_DISTURBED;
}

static unsigned int judge(const struct plan *plan, unsigned int n, void *verdict)
{
	unsigned int failures = 0;

	while (n--) {
		failures += fails(plan, verdict);
		verdict_progress();
	}
	return failures;
}

void replay_minimise(const char *path, const char *smaller)
{
	struct minimise how = {
		.judge = judge, .repetitions = 10, .threshold = 9, .budget = BUDGET_RUNS,
	};
	char error[PLAN_ERROR_MAX];
	struct minimise_result r;
	struct plan plan;
	uint32_t before;

	how.arg = mmap(NULL, sizeof(struct verdict), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	verdict_require(how.arg != MAP_FAILED, "mmap");
	load(&plan, path);
	before = plan_ops(&plan);
	r = minimise(&plan, &how);
	verdict_note("%u operations of %u left, failed %u of %u, after %llu runs: %s",
		     plan_ops(&plan), before, r.failures, r.repetitions,
		     (unsigned long long)r.runs, minimise_end_name(r.end));
	if (!plan_save(&plan, smaller, error, sizeof(error)))
		verdict_fail(VERDICT_SETUP, "%s", error);
	plan_free(&plan);
}
