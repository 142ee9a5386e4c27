// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "abi/array.h"
#include "harness/klog.h"
#include "harness/runner.h"
#include "machine/machine_arch.h"
#include "oracle/history_text.h"
#include "stage/evidence.h"

/* Tickets before and after the witness whose events are kept. */
#define AROUND		2000

static FILE *create(const char *directory, const char *name)
{
	char path[700];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return fopen(path, "we");
}

/* KVM_GET_REGS waits for KVM_RUN to end: only of those that are out of it. */
static void write_report(FILE *file, const struct stage *s, enum verdict_class cls,
			 const char *text)
{
	char registers[400];
	uint32_t i;

	fprintf(file, "%s: %s\n", verdict_class_name(cls), text);
	for (i = 0; i < s->config.vcpus; i++) {
		const struct agent *a = s->agents[i];

		if (a->state == AGENT_THREAD_IDLE)
			arch_vcpu_describe(a->vcpu, registers, sizeof(registers));
		else
			snprintf(registers, sizeof(registers), "running");
		fprintf(file, "vCPU %u, operation %u of its list: %s\n", i, s->guests[i]->next,
			registers);
	}
}

/* What the machine was like when the round began; its contents the text form cannot say. */
static void write_head(FILE *file, const struct stage *s)
{
	struct checker_config config = s->checker_config;
	uint8_t *state = calloc(config.pages, sizeof(*state));
	uint32_t page;

	for (page = 0; state && page < config.pages; page++)
		state[page] = checker_shared(s->checker, page, s->anomalies);
	config.state = state;
	if (s->plan->config.round)
		fprintf(file, "# what earlier rounds left in memory is not in this history\n");
	history_print_head(file, &config);
	free(state);
}

static void write_history(FILE *file, const struct stage *s)
{
	const struct history_log *logs[PLAN_ACTORS_MAX];
	const struct anomaly *a = s->anomalies ? checker_anomaly(s->checker, 0) : NULL;
	uint64_t now = __atomic_load_n(&vm_control(s->vm)->ticket, __ATOMIC_RELAXED);
	uint64_t from = a && a->count ? a->witness[0].event.begin : now, to = a ? a->ticket : now;
	uint32_t i, actors = plan_actors(s->plan);

	for (i = 0; i < actors; i++)
		logs[i] = s->logs[i];
	write_head(file, s);
	history_print(file, logs, actors, s->vm->number, from > AROUND ? from - AROUND : 0,
		      to + AROUND);
}

static void copy_line(FILE *file, const char *path)
{
	char line[1000];
	FILE *from = fopen(path, "re");

	if (from && fgets(line, sizeof(line), from))
		fprintf(file, "%s: %s", path, line);
	if (from)
		fclose(from);
}

static void write_versions(FILE *file)
{
	static const char *const patterns[] = {
		"/proc/version", "/proc/cmdline", "/sys/module/kvm*/srcversion",
		"/sys/module/kvm*/parameters/*",
	};
	unsigned int i;
	glob_t files;
	size_t f;

	for (i = 0; i < ARRAY_SIZE(patterns); i++) {
		if (glob(patterns[i], 0, NULL, &files))
			continue;
		for (f = 0; f < files.gl_pathc; f++)
			copy_line(file, files.gl_pathv[f]);
		globfree(&files);
	}
}

static void write_command(FILE *file, const struct run *run, const char *directory)
{
	fprintf(file, "%s\n%s --run stress/replay --replay %s/plan --iterations 50\n", run->command,
		program_invocation_name, directory);
}

static bool write_all(const char *unfinished, const char *directory, const struct stage *s,
		      enum verdict_class cls, const char *text, const struct run *run)
{
	static const char *const names[] = {
		"report", "plan", "history", "kernel.log", "versions", "command",
	};
	FILE *files[6] = { 0 };
	bool ok = true;
	unsigned int i;

	for (i = 0; i < 6; i++) {
		files[i] = create(unfinished, names[i]);
		ok = ok && files[i];
	}
	if (ok) {
		write_report(files[0], s, cls, text);
		plan_write(s->plan, files[1]);
		if (s->checker)
			write_history(files[2], s);
		klog_copy(files[3]);
		write_versions(files[4]);
		write_command(files[5], run, directory);
	}
	for (i = 0; i < 6; i++)
		if (files[i])
			ok = !ferror(files[i]) && !fclose(files[i]) && ok;
	return ok && !rename(unfinished, directory);
}

void evidence_keep(const struct stage *s, enum verdict_class cls, const char *text, void *arg)
{
	static bool taken;
	const struct run *run = arg;
	const char *out = getenv("KVM_GMEM_OUT");
	char name[200], directory[500], unfinished[520], *slash;

	/* The second fault waits for the first one's end of the process. */
	if (__atomic_exchange_n(&taken, true, __ATOMIC_ACQ_REL))
		for (;;)
			pause();
	out = out ? out : "kvm-gmem-out";
	mkdir(out, 0777);
	snprintf(name, sizeof(name), "%s-%#llx-%u", run->id,
		 (unsigned long long)s->plan->config.seed, s->plan->config.round);
	while ((slash = strchr(name, '/')))
		*slash = '-';
	snprintf(directory, sizeof(directory), "%s/%s", out, name);
	snprintf(unfinished, sizeof(unfinished), "%s.%d", directory, getpid());
	if (mkdir(unfinished, 0777) || !write_all(unfinished, directory, s, cls, text, run))
		verdict_note("%s: cannot keep the evidence: %s", directory, strerror(errno));
	else
		verdict_note("evidence kept in %s; again: %s", directory, run->command);
}
