// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "harness/blocked.h"
#include "harness/fault_storm.h"
#include "harness/hang.h"
#include "harness/text_file.h"

static char text[7000];

const char *hang_text(void)
{
	return text;
}

static void __attribute__((format(printf, 1, 2))) append_text(const char *fmt, ...)
{
	size_t used = strlen(text);
	va_list args;

	va_start(args, fmt);
	vsnprintf(text + used, sizeof(text) - used, fmt, args);
	va_end(args);
}

static bool read_line(const char *path, char *line, size_t size)
{
	FILE *f = fopen(path, "r");
	bool ok = f && fgets(line, size, f);

	if (f)
		fclose(f);
	if (ok)
		line[strcspn(line, "\n")] = 0;
	return ok;
}

static void append_file(int pid, const char *task, const char *name)
{
	size_t used = strlen(text), n;
	char path[300];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%s/%s", pid, task, name);
	f = fopen(path, "r");
	if (!f)
		return;
	n = fread(text + used, 1, sizeof(text) - used - 1, f);
	text[used + n] = 0;
	fclose(f);
}

/* "thread 17 (name) R": the beginning of its stat; the name may have blanks in it. */
static void describe_thread(int pid, const char *task)
{
	char path[300], line[200], *end;

	snprintf(path, sizeof(path), "/proc/%d/task/%s/stat", pid, task);
	if (!read_line(path, line, sizeof(line)))
		return;
	end = strrchr(line, ')');
	if (end && end[1] == ' ')
		end[3] = 0;
	append_text("thread %s\n", line);
	append_file(pid, task, "stack");
}

/* Number, name, state and kernel stack of every thread; one that runs has no stack to show. */
static void describe_threads(int pid)
{
	char path[64];
	struct dirent *e;
	DIR *d;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	d = opendir(path);
	while (d && (e = readdir(d)))
		if (e->d_name[0] != '.')
			describe_thread(pid, e->d_name);
	if (d)
		closedir(d);
}

#define COUNTERS_MAX	400

/* A counter that KVM keeps for a VM (debugfs), at the first of two looks. */
struct counter {
	char path[200];
	uint64_t value;
};

static struct counter counters[COUNTERS_MAX];
static size_t counter_count;

/* No counter: it takes slots_lock (kvm_mmu_rmaps_stat_show()), which who is stuck may hold. */
#define NO_COUNTER	"/mmu_rmaps_stat"

static void read_counters(int pid)
{
	char pattern[80], line[32];
	glob_t files;
	size_t i;

	counter_count = 0;
	snprintf(pattern, sizeof(pattern), "/sys/kernel/debug/kvm/%d-*/*", pid);
	if (glob(pattern, 0, NULL, &files))
		return;
	for (i = 0; i < files.gl_pathc && counter_count < COUNTERS_MAX; i++) {
		struct counter *c = &counters[counter_count];

		if (strstr(files.gl_pathv[i], NO_COUNTER))
			continue;
		if (!read_line(files.gl_pathv[i], line, sizeof(line)))
			continue;
		snprintf(c->path, sizeof(c->path), "%s", files.gl_pathv[i]);
		c->value = strtoull(line, NULL, 0);
		counter_count++;
	}
	globfree(&files);
}

/*
 * The counters that moved between two looks tell a vCPU that spins in the guest from one
 * that faults for ever.
 */
static void describe_counters(void)
{
	char line[32];
	size_t i;

	append_text("counted by KVM within a second:");
	for (i = 0; i < counter_count; i++) {
		const struct counter *c = &counters[i];
		uint64_t now;

		if (!read_line(c->path, line, sizeof(line)))
			continue;
		now = strtoull(line, NULL, 0);
		if (now != c->value)
			append_text(" %s +%llu", strrchr(c->path, '/') + 1,
				    (unsigned long long)(now - c->value));
	}
	append_text("\n");
}

#define TRACING		"/sys/kernel/tracing/instances"
#define TRACE_LINES	24

/* A few of KVM's trace events, in an instance of their own: what others trace stays as it is. */
static void describe_trace(void)
{
	char instance[80], path[120], line[200];
	int n = 0;
	FILE *f;

	snprintf(instance, sizeof(instance), TRACING "/kvm-gmem-%d", getpid());
	if (mkdir(instance, 0700))
		return;
	snprintf(path, sizeof(path), "%s/events/kvm/enable", instance);
	if (text_file_write(path, "1")) {
		usleep(20000);	/* the length of the sample, nothing waits for anything */
		text_file_write(path, "0");
	}
	snprintf(path, sizeof(path), "%s/trace", instance);
	f = fopen(path, "re");
	while (f && n < TRACE_LINES && fgets(line, sizeof(line), f)) {
		if (*line == '#')
			continue;
		append_text("%s", line);
		n++;
	}
	if (f)
		fclose(f);
	rmdir(instance);
}

static int limit_ms(const struct hang_watch *watch)
{
	const uint64_t patience = __atomic_load_n(&watch->patience, __ATOMIC_RELAXED);
	const char *given = getenv("KVM_GMEM_HANG");
	int seconds = given ? atoi(given) : 0;

	if (seconds <= 0)
		seconds = HANG_SECONDS;
	return patience ? patience * seconds / HANG_SECONDS : 1000ull * seconds;
}

/* Milliseconds from one look to the next. */
static int look_ms(int limit)
{
	return limit >= 10000 ? 1000 : limit / 10 + 1;
}

/* What the watchdog saw last. */
struct seen {
	uint64_t progress, ticks;
	struct fault_storm storm;
	int idle, blocked, waited;	/* milliseconds; waited is for what it hangs */
};

/* Why it hangs, after another @ms; NULL: it does not. */
static const char *look(struct seen *s, pid_t pid, const struct hang_watch *watch, int ms)
{
	const uint64_t now = __atomic_load_n(&watch->progress, __ATOMIC_RELAXED);
	const int limit = limit_ms(watch);
	const bool moved = now != s->progress;
	const bool storm = fault_storm_rages(pid, &s->storm, moved);

	s->idle = moved ? 0 : s->idle + ms;
	s->blocked = blocked_still(pid, &s->ticks) && !moved ? s->blocked + ms : 0;
	s->progress = now;
	s->waited = s->idle < limit ? s->idle : limit;
	if (s->idle >= limit)
		return "";
	if (s->blocked >= limit / HANG_BLOCKED) {
		s->waited = limit / HANG_BLOCKED;
		return ", and all threads wait in the kernel";
	}
	return storm ? ", and KVM takes faults in vain" : NULL;
}

bool hang_wait(pid_t pid, const struct hang_watch *watch, int *status)
{
	struct pollfd p = { .events = POLLIN };
	struct seen seen = { .idle = 0 };
	const char *why = NULL;
	int ms;

	p.fd = syscall(SYS_pidfd_open, pid, 0);
	/* Without pidfds (before 5.3) there is no watchdog, but still a result. */
	while (p.fd >= 0 && !why) {
		ms = look_ms(limit_ms(watch));
		if (poll(&p, 1, ms))
			break;
		why = look(&seen, pid, watch, ms);
	}
	if (why) {
		snprintf(text, sizeof(text), "no progress for %g s after %llu steps%s\n",
			 seen.waited / 1e3, (unsigned long long)seen.progress, why);
		read_counters(pid);
		sleep(1);	/* the interval of the two looks, nothing waits for anything */
		if (counter_count)	/* there is a VM, and debugfs */
			describe_counters();
		describe_threads(pid);
		if (counter_count)
			describe_trace();
		kill(pid, SIGKILL);
	}
	if (p.fd >= 0)
		close(p.fd);
	waitpid(pid, status, 0);
	return why;
}
