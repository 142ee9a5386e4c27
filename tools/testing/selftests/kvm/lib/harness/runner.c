// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>
#include "harness/accounting.h"
#include "harness/clock.h"
#include "harness/fault_guard.h"
#include "harness/hang.h"
#include "harness/klog.h"
#include "harness/memcg.h"
#include "harness/options.h"
#include "harness/report.h"
#include "harness/runner.h"
#include "harness/vendor.h"

struct outcome {
	enum report_result result;
	enum verdict_class cls;
	bool klog;		/* the kernel complained of something that is not known */
	char text[8192];
};

/* The same sub-test gets the same seed whichever others are selected (FNV-1a of the id). */
static uint64_t subtest_seed(uint64_t seed, const char *id)
{
	uint64_t hash = 0xcbf29ce484222325ull ^ seed;

	while (*id)
		hash = (hash ^ (unsigned char)*id++) * 0x100000001b3ull;
	return hash;
}

static void __attribute__((noreturn)) child(const struct subtest *s, const struct options *o)
{
	struct run run = {
		.id = s->id,
		.command = o->command,
		.seed = subtest_seed(o->seed, s->id),
		.iterations = o->iterations,
		.duration = o->duration,
		.arg = s->arg,
	};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fault_guard_install();
	memcg_join();
	s->run(&run);
	__atomic_store_n(&verdict_current->state, VERDICT_DONE, __ATOMIC_RELEASE);
	fflush(stdout);
	/* No destructors run, but this is a normal exit: the kernel closes the open files. */
	_exit(0);
}

static void outcome_fail(struct outcome *out, enum verdict_class cls, const char *text)
{
	out->result = REPORT_FAIL;
	out->cls = cls;
	snprintf(out->text, sizeof(out->text), "%s: %s", verdict_class_name(cls), text);
}

/* The outcome by the child's own words and the way in which it ended. */
static void outcome_of_child(struct outcome *out, const struct verdict *v, int status,
			     const struct known_issue *known)
{
	char text[120];

	switch (v->state) {
	case VERDICT_DISTURBED:
	case VERDICT_FAILED:
		outcome_fail(out, v->cls, v->text);
		if (known && known->cls == v->cls)
			out->result = REPORT_XFAIL;
		return;
	case VERDICT_SKIPPED:
		out->result = REPORT_SKIP;
		snprintf(out->text, sizeof(out->text), "%s", v->text);
		return;
	case VERDICT_DONE:
		break;
	default:
		snprintf(text, sizeof(text), WIFSIGNALED(status) ? "died of signal %d" :
			 "exited with code %d without a verdict",
			 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
		outcome_fail(out, VERDICT_CRASH, text);
		return;
	}
	if (v->race && !v->overlaps) {
		out->result = REPORT_SKIP;
		snprintf(out->text, sizeof(out->text), "not exercised: %llu attempts, no overlap",
			 (unsigned long long)v->attempts);
		return;
	}
	out->result = REPORT_PASS;
	if (v->race)
		snprintf(out->text, sizeof(out->text), "%llu attempts, %llu overlaps",
			 (unsigned long long)v->attempts, (unsigned long long)v->overlaps);
}

static void outcome_append(struct outcome *out, const char *title, const char *text)
{
	size_t used = strlen(out->text);
	const char *gap = used && out->text[used - 1] != '\n' ? "\n" : "";

	snprintf(out->text + used, sizeof(out->text) - used, "%s%s\n%s", gap, title, text);
}

/*
 * A complaint of the kernel fails the sub-test; words of the sub-test itself go first.
 * A known complaint turns a pass into an expected failure and changes no other outcome.
 */
static void outcome_of_klog(struct outcome *out, struct klog *k, const struct known_issue *known)
{
	enum klog_result result;
	char log[3000];
	const char *pattern = known && known->cls == VERDICT_KERNEL ? known->complaint : NULL;

	result = klog_check(k, pattern, log, sizeof(log));
	if (result == KLOG_CLEAN)
		return;
	out->klog = result == KLOG_COMPLAINT;
	if (out->result == REPORT_FAIL) {
		outcome_append(out, "and the kernel complained:", log);
	} else if (result == KLOG_COMPLAINT) {
		outcome_fail(out, VERDICT_KERNEL, log);
	} else if (out->result == REPORT_PASS) {
		log[strcspn(log, "\n")] = 0;
		outcome_append(out, "known:", log);
		out->result = REPORT_XFAIL;
	}
}

/* A fault that shows in every run did not: XPASS, a failure, so that somebody takes note. */
static void outcome_of_certain(struct outcome *out, const struct known_issue *known)
{
	char text[200];

	if (!known || !known->certain || out->result != REPORT_PASS)
		return;
	snprintf(text, sizeof(text), "passed, and %s says that it cannot: fixed in this kernel?",
		 known->reference);
	outcome_fail(out, VERDICT_XPASS, text);
}

/* A sub-test that has passed so far fails if it has not given back what it used. */
static void outcome_of_accounting(struct outcome *out, const struct accounting *before)
{
	char text[400];

	if (out->result == REPORT_PASS && !accounting_check(before, text, sizeof(text)))
		outcome_fail(out, VERDICT_ACCOUNTING, text);
}

/* One attempt, in a process of its own. */
static void attempt_subtest(const struct subtest *s, const struct options *o, struct klog *k,
			    struct verdict *v, struct outcome *out)
{
	struct accounting before;
	int status;
	pid_t pid;

	memset(out, 0, sizeof(*out));
	memset(v, 0, sizeof(*v));
	klog_mark(k, s->id);
	accounting_take(&before);
	fflush(stdout);
	pid = fork();
	if (!pid)
		child(s, o);
	if (pid < 0) {
		outcome_fail(out, VERDICT_SETUP, strerror(errno));
	} else if (hang_wait(pid, &v->progress, &status)) {
		outcome_fail(out, VERDICT_HANG, hang_text());
		if (v->state == VERDICT_FAILED || v->state == VERDICT_DISTURBED)
			outcome_append(out, "it had ended in:", v->text);
	} else {
		outcome_of_child(out, v, status, s->known);
	}
	outcome_of_accounting(out, &before);
	outcome_of_klog(out, k, s->known);
	/* Without the kernel log nobody knows whether a known complaint came. */
	if (k->fd >= 0 || (s->known && s->known->cls != VERDICT_KERNEL))
		outcome_of_certain(out, s->known);
}

/* An architecture on which emulated CPUs are used may know better; see hang.h. */
bool __attribute__((weak)) arch_hang_is_slip(const char *text)
{
	(void)text;
	return false;
}

/* Is the outcome the emulator's, and worth another attempt?  A hang needs proof of that. */
static bool disturbed(const struct verdict *v, const struct outcome *out, int attempt)
{
	/* A complaint of the kernel stands, also if an emulator disturbed the rest. */
	if (out->klog || attempt == DISTURBED_MAX)
		return false;
	if (v->state == VERDICT_DISTURBED)
		return true;
	return out->cls == VERDICT_HANG && v->state != VERDICT_FAILED &&
	       arch_hang_is_slip(hang_text());
}

static void run_subtest(const struct subtest *s, const struct options *o, struct klog *k,
			struct verdict *v)
{
	const uint64_t start = clock_ns();
	struct outcome out;
	int attempt;

	report_running(s->id);
	for (attempt = 1; ; attempt++) {
		attempt_subtest(s, o, k, v, &out);
		if (!disturbed(v, &out, attempt))
			break;
		report_text(s->id, "disturbed, trying again:");
		report_text(s->id, out.text);
	}
	if (out.result != REPORT_SKIP)
		report_text(s->id, out.text);
	report_fixed(s->id, out.result, s->fixed);
	report_result(s->id, out.result, out.cls,
		      out.result == REPORT_XFAIL ? s->known->reference : out.text,
		      (clock_ns() - start) / 1000000);
}

static void print_setting(const struct program *p, const struct options *o, const struct klog *k)
{
	struct accounting now;
	struct utsname u;

	accounting_take(&now);
	uname(&u);
	printf("# %s: seed %#llx, kernel %s %s, kvm vendor %s\n", p->name,
	       (unsigned long long)o->seed, u.release, u.machine, kvm_vendor());
	if (k->fd < 0)
		printf("# %s: kernel log is not part of the verdict: %s\n", p->name, k->why_not);
	if (!now.exact)
		printf("# %s: memory given back is not part of the verdict: no debugfs, or other VMs run\n",
		       p->name);
}

static int run_all(int argc, char **argv, const struct program *p)
{
	unsigned int i, selected = 0;
	struct options o;
	struct verdict *v;
	struct klog k;
	int r = options_parse(&o, argc, argv, p);

	if (r >= 0)
		return r;
	for (i = 0; i < p->count; i++) {
		if (!options_select(&o, p->subtests[i].id))
			continue;
		selected++;
		if (o.list)
			printf("%s\t%s\n", p->subtests[i].id, p->subtests[i].claim);
	}
	if (!selected) {
		fprintf(stderr, "%s: no sub-test matches '%s'; --list prints them\n", p->name,
			o.patterns ? o.pattern[0] : "");
		return 2;
	}
	if (o.list)
		return 0;
	v = mmap(NULL, sizeof(*v), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (v == MAP_FAILED) {
		perror(p->name);
		return 1;
	}
	verdict_current = v;
	klog_open(&k);
	memcg_open();
	report_begin(selected);
	print_setting(p, &o, &k);
	for (i = 0; i < p->count; i++) {
		if (!options_select(&o, p->subtests[i].id))
			continue;
		options_command(&o, argc, argv, p->subtests[i].id, o.command, sizeof(o.command));
		run_subtest(&p->subtests[i], &o, &k, v);
	}
	memcg_close();
	return report_end();
}

int runner_main(int argc, char **argv, const struct program *p)
{
	return report_written(p->name, run_all(argc, argv, p));
}
