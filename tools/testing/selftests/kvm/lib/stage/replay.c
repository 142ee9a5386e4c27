// SPDX-License-Identifier: GPL-2.0-only
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>
#include "harness/hang.h"
#include "plan/minimise.h"
#include "stage/evidence.h"
#include "stage/replay.h"
#include "stage/stage.h"

/* Repetitions that minimising may take. */
#define BUDGET_RUNS	4000

static void load(struct plan *plan, const char *path)
{
	char error[PLAN_ERROR_MAX];

	if (!plan_load(plan, path, error, sizeof(error)))
		verdict_fail(VERDICT_SETUP, "%s", error);
}

/* Some rounds on a new VM: nothing of the repetition before is left. */
static void repeat(const struct plan *plan, const struct stage_setup *setup, uint64_t rounds)
{
	struct stage *s = stage_create(&plan->config, setup);

	while (rounds--) {
		if (stage_run(s, plan))
			stage_fail_anomaly(s);
		verdict_progress();
	}
	stage_destroy(s);
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

	load(&plan, path);
	setup.ops = plan_longest(&plan) ? plan_longest(&plan) : 1;
	repeat(&plan, &setup, run->iterations);
	plan_free(&plan);
}

struct trial {
	struct verdict *verdict;	/* of one repetition, and nobody else hears of it */
	uint64_t rounds;
	const char *smaller;		/* file that holds the smallest plan so far */
	uint32_t ops;			/* of that plan */
	uint64_t shown;			/* runs when the last line was printed */
};

/* Runs after which a line is printed in any case. */
#define SHOW_RUNS	100

static bool fails(const struct plan *plan, const struct trial *t)
{
	struct verdict *v = t->verdict;
	struct stage_setup setup = { .check = true, .place = -1 };
	int status;
	pid_t pid;

	memset(v, 0, sizeof(*v));
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		verdict_current = v;
		setup.ops = plan_longest(plan) ? plan_longest(plan) : 1;
		repeat(plan, &setup, t->rounds);
		v->state = VERDICT_DONE;
		_exit(0);
	}
	verdict_require(pid > 0, "fork");
	if (hang_wait(pid, &v->watch, &status))
		return true;
	if (v->state == VERDICT_SKIPPED || (v->state == VERDICT_FAILED && v->cls == VERDICT_SETUP))
		verdict_fail(VERDICT_SETUP, "the plan cannot be run: %s", v->text);
	return v->state != VERDICT_DONE && v->state != VERDICT_DISTURBED;
}

static void save(const struct plan *plan, const char *path)
{
	char error[PLAN_ERROR_MAX];

	if (!plan_save(plan, path, error, sizeof(error)))
		verdict_fail(VERDICT_SETUP, "%s", error);
}

/* The file holds the smallest plan so far that failed every time, also after an interrupt. */
static unsigned int judge(const struct plan *plan, unsigned int n, void *trial)
{
	struct trial *t = trial;
	unsigned int i, failures = 0;

	for (i = 0; i < n; i++) {
		failures += fails(plan, t);
		verdict_progress();
	}
	if (n > 1 && failures == n && plan_ops(plan) < t->ops) {
		t->ops = plan_ops(plan);
		save(plan, t->smaller);
	}
	return failures;
}

static bool progress(const struct minimise_progress *p, void *trial)
{
	struct trial *t = trial;

	if (p->runs >= t->shown + SHOW_RUNS) {
		t->shown = p->runs;
		verdict_note("%s: %u operations of %u actors on %u pages after %llu runs", p->phase,
			     p->ops, p->actors, p->pages, (unsigned long long)p->runs);
		fflush(stdout);
	}
	return true;
}

void replay_minimise(const char *path, const char *smaller, const struct run *run)
{
	struct trial trial = { .rounds = run->iterations, .smaller = smaller };
	struct minimise how = {
		.judge = judge, .progress = progress, .arg = &trial,
		.repetitions = 10, .threshold = 9, .budget = BUDGET_RUNS,
	};
	struct minimise_result r;
	struct plan plan;
	uint32_t before;

	trial.verdict = mmap(NULL, sizeof(*trial.verdict), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	verdict_require(trial.verdict != MAP_FAILED, "mmap");
	load(&plan, path);
	before = trial.ops = plan_ops(&plan);
	r = minimise(&plan, &how);
	verdict_note("%u operations of %u left, %llu rounds of them failed %u of %u times, after %llu runs: %s",
		     plan_ops(&plan), before, (unsigned long long)trial.rounds, r.failures,
		     r.repetitions, (unsigned long long)r.runs, minimise_end_name(r.end));
	save(&plan, smaller);
	plan_free(&plan);
}
