// SPDX-License-Identifier: GPL-2.0-only
/* Every way in which a sub-test can end; golden.sh compares what the runner makes of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#include "abi/array.h"
#include "harness/report.h"
#include "harness/runner.h"

static void demo_pass(const struct run *run)
{
	verdict_note("%s: %llu iterations, arg %s", run->id, (unsigned long long)run->iterations,
		     (const char *)run->arg);
}

static void demo_race(const struct run *run)
{
	(void)run;
	verdict_exercised(100, 7);
}

static void demo_race_missed(const struct run *run)
{
	(void)run;
	verdict_exercised(100, 0);
}

static void demo_fail(const struct run *run)
{
	(void)run;
	verdict_fail(VERDICT_NOT_SCRUBBED, "page 3 word 511: expected zero, found %#x\nsecond line",
		     0xdead);
}

static void demo_skip(const struct run *run)
{
	(void)run;
	verdict_skip("no private memory: VM type sw-protected not offered");
}

static void demo_abort(const struct run *run)
{
	(void)run;
	abort();
}

static void demo_fault(const struct run *run)
{
	volatile char *p = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)run;
	*p = 1;
}

static void demo_exit(const struct run *run)
{
	(void)run;
	_exit(3);
}

static void demo_hang(const struct run *run)
{
	(void)run;
	verdict_progress();
	for (;;)
		pause();
}

/* True in every other attempt: a file is there or not. */
static bool first_attempt(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/tmp/demo_test.%d", getppid());
	if (!unlink(path))
		return false;
	fclose(fopen(path, "w"));
	return true;
}

static void demo_disturbed_once(const struct run *run)
{
	(void)run;
	if (first_attempt())
		verdict_disturbed("by the demo, once");
}

/* As a process that has its verdict, and a thread that does not die. */
static void stuck(uint32_t state)
{
	verdict_current->cls = VERDICT_LEAK;
	strcpy(verdict_current->text, "said before the end that did not come");
	verdict_current->state = state;
	for (;;)
		pause();
}

static void demo_disturbed_stuck(const struct run *run)
{
	(void)run;
	if (first_attempt())
		stuck(VERDICT_DISTURBED);
}

static void demo_fail_stuck(const struct run *run)
{
	(void)run;
	stuck(VERDICT_FAILED);
}

static void demo_disturbed(const struct run *run)
{
	(void)run;
	verdict_disturbed("by the demo, always");
}

static void demo_known(const struct run *run)
{
	(void)run;
	verdict_fail(VERDICT_LEAK, "as ever");
}

static const struct known_issue known = { VERDICT_LEAK, NULL, "docs/findings.md, 99", true };

/* A hang is known there; what the sub-test had said before it is not. */
static const struct known_issue known_hang = { VERDICT_HANG, NULL, "docs/findings.md, 98", false };

static void demo_last(const struct run *run)
{
	(void)run;
}

static const struct subtest subtests[] = {
	{ "demo/pass", "a sub-test that returns has passed", demo_pass, "row" },
	{ "demo/race", "a race that met", demo_race },
	{ "demo/race-missed", "a race that never met is skipped, not passed", demo_race_missed },
	{ "demo/fail", "a failure has a class and its words", demo_fail },
	{ "demo/skip", "a skip has a reason", demo_skip },
	{ "demo/abort", "a process that dies has crashed", demo_abort },
	{ "demo/fault", "a fault outside a guard has crashed", demo_fault },
	{ "demo/exit", "a process that ends without a verdict has crashed", demo_exit },
	{ "demo/hang", "a process without progress hangs", demo_hang },
	{ "demo/disturbed-once", "a disturbed attempt is repeated", demo_disturbed_once },
	{ "demo/disturbed", "but not for ever", demo_disturbed },
	{ "demo/disturbed-stuck", "nor is its end waited for", demo_disturbed_stuck },
	{ "demo/hang-fail", "a verdict is not lost with a process that does not end",
	  demo_fail_stuck, NULL, &known_hang },
	{ "demo/known", "a known fault is expected", demo_known, NULL, &known },
	{ "demo/known-gone", "one that cannot be missed has to show", demo_last, NULL, &known },
	{ "demo/last", "what came before does not matter", demo_last },
};

/* The reporter alone; one result is missing in the end. */
static int demo_reporter(void)
{
	report_begin(6);
	report_result("report/pass", REPORT_PASS, VERDICT_NONE, "", 1);
	report_text("report/fail", "one line\n\nand, after an empty one, another");
	report_result("report/fail", REPORT_FAIL, VERDICT_STALE_MAPPING, "", 22);
	report_result("report/skip", REPORT_SKIP, VERDICT_NONE, "100% of a reason, %s", 0);
	report_result("report/xfail", REPORT_XFAIL, VERDICT_KERNEL, "docs/findings.md, 1", 333);
	report_text("report/percent", "%d %s %n");
	report_result("report/percent", REPORT_FAIL, VERDICT_LEAK, "", 4);
	return report_end();
}

/* All that there is passed, or was expected to fail, but not all that was planned is there. */
static int demo_short_of_plan(void)
{
	report_begin(2);
	report_result("report/xfail", REPORT_XFAIL, VERDICT_KERNEL, "docs/findings.md, 1", 333);
	return report_end();
}

static int demo_only_xfail(void)
{
	report_begin(1);
	report_result("report/xfail", REPORT_XFAIL, VERDICT_KERNEL, "docs/findings.md, 1", 333);
	return report_end();
}

static int demo_nothing(void)
{
	report_begin(0);
	return report_end();
}

static const struct {
	const char *name;
	int (*run)(void);
} reports[] = {
	{ "reporter", demo_reporter },
	{ "short-of-plan", demo_short_of_plan },
	{ "only-xfail", demo_only_xfail },
	{ "nothing", demo_nothing },
};

int main(int argc, char **argv)
{
	static const struct program program = {
		.name = "demo_test", .subtests = subtests, .count = ARRAY_SIZE(subtests),
	};
	const struct rlimit none = { 0, 0 };
	unsigned int i;

	setrlimit(RLIMIT_CORE, &none);
	for (i = 0; i < ARRAY_SIZE(reports); i++)
		if (argc == 2 && !strcmp(argv[1], reports[i].name))
			return reports[i].run();
	return runner_main(argc, argv, &program);
}
