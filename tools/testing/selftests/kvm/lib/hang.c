// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include "hang.h"

static char text[3000];

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

/* Name and kernel stack of every thread. */
static void describe_threads(int pid)
{
	char path[64];
	struct dirent *e;
	DIR *d;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	d = opendir(path);
	while (d && (e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		append_text("thread %s ", e->d_name);
		append_file(pid, e->d_name, "comm");
		append_file(pid, e->d_name, "stack");
	}
	if (d)
		closedir(d);
}

/*
 * What KVM counts for the VMs of the child (debugfs): the difference between two looks
 * tells a vCPU that spins in the guest from one that faults for ever.
 */
static void describe_vms(int pid, const char *when)
{
	static const char *const counters[] = { "exits", "pf_taken", "pf_fixed", "pf_spurious" };
	char pattern[80], path[300], value[32];
	unsigned int i;
	glob_t vms;
	size_t v;

	snprintf(pattern, sizeof(pattern), "/sys/kernel/debug/kvm/%d-*", pid);
	if (glob(pattern, 0, NULL, &vms))
		return;
	for (v = 0; v < vms.gl_pathc; v++) {
		append_text("%s, VM %zu:", when, v);
		for (i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
			snprintf(path, sizeof(path), "%s/%s", vms.gl_pathv[v], counters[i]);
			if (read_line(path, value, sizeof(value)))
				append_text(" %s %s", counters[i], value);
		}
		append_text("\n");
	}
	globfree(&vms);
}

static int limit_seconds(void)
{
	const char *given = getenv("KVM_GMEM_HANG");
	int seconds = given ? atoi(given) : 0;

	return seconds > 0 ? seconds : HANG_SECONDS;
}

bool hang_wait(pid_t pid, const uint64_t *progress, int *status)
{
	int limit = limit_seconds(), idle = 0;
	uint64_t seen = 0;
	struct pollfd p = { .events = POLLIN };
	bool hung = false;

	p.fd = syscall(SYS_pidfd_open, pid, 0);
	/* Without pidfds (before 5.3) there is no watchdog, but still a result. */
	while (p.fd >= 0 && poll(&p, 1, 1000) == 0) {
		uint64_t now = __atomic_load_n(progress, __ATOMIC_RELAXED);

		idle = now == seen ? idle + 1 : 0;
		seen = now;
		if (idle < limit)
			continue;
		snprintf(text, sizeof(text), "no progress for %d s after %llu steps\n", limit,
			 (unsigned long long)now);
		describe_vms(pid, "at first");
		describe_threads(pid);
		sleep(1);	/* the interval of the two looks, nothing waits for anything */
		describe_vms(pid, "a second later");
		kill(pid, SIGKILL);
		hung = true;
		break;
	}
	if (p.fd >= 0)
		close(p.fd);
	waitpid(pid, status, 0);
	return hung;
}
