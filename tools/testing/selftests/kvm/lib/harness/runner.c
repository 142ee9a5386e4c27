// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "harness/accounting.h"
#include "harness/clock.h"
#include "harness/fault_guard.h"
#include "harness/hang.h"
#include "harness/klog.h"
#include "harness/memcg.h"
#include "harness/options.h"
#include "harness/outcome.h"
#include "harness/report.h"
#include "harness/runner.h"
#include "harness/vendor.h"

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
		.shard = o->shard,
		.shards = o->shards,
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
	} else if (hang_wait(pid, &v->watch, &status)) {
		outcome_fail(out, VERDICT_HANG, hang_text());
		/* What it had said before it hung is not what is known. */
		if (v->state == VERDICT_FAILED || v->state == VERDICT_DISTURBED)
			outcome_append(out, "it had ended in:", v->text);
		else
			outcome_of_known(out, s->known);
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
	const char *why = o->program->lacks ? o->program->lacks(s) : NULL;
	const uint64_t start = clock_ns();
	struct outcome out;
	int attempt;

	report_running(s->id);
	if (why) {
		report_result(s->id, REPORT_SKIP, VERDICT_NONE, why, 0);
		return;
	}
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
	printf("# %s: seed %#llx, kernel %s %s, kvm vendor %s%s\n", p->name,
	       (unsigned long long)o->seed, u.release, u.machine, kvm_vendor(),
	       kvm_machine_note());
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
		if (!options_take(&o, p->subtests[i].id))
			continue;
		selected++;
		if (o.list)
			printf("%s\t%s\n", p->subtests[i].id, p->subtests[i].claim);
	}
	if (!selected && o.matched && !o.list)
		return report_none("no sub-test is left for this shard");
	if (!selected && !o.matched) {
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
	o.matched = 0;
	for (i = 0; i < p->count; i++) {
		if (!options_take(&o, p->subtests[i].id))
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
