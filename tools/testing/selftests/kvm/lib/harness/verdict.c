// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "harness/verdict.h"

struct verdict *verdict_current;

static const char *const class_names[] = {
	[VERDICT_NONE] = "NONE",
	[VERDICT_STALE_MAPPING] = "STALE_MAPPING",
	[VERDICT_NOT_SCRUBBED] = "NOT_SCRUBBED",
	[VERDICT_LEAK] = "LEAK",
	[VERDICT_WRONG_PAGE] = "WRONG_PAGE",
	[VERDICT_LOST_DATA] = "LOST_DATA",
	[VERDICT_LOST_WRITE] = "LOST_WRITE",
	[VERDICT_PERMISSION] = "PERMISSION",
	[VERDICT_ABI] = "ABI",
	[VERDICT_HANG] = "HANG",
	[VERDICT_KERNEL] = "KERNEL",
	[VERDICT_ACCOUNTING] = "ACCOUNTING",
	[VERDICT_CRASH] = "CRASH",
	[VERDICT_SETUP] = "SETUP",
	[VERDICT_XPASS] = "XPASS",
};

const char *verdict_class_name(enum verdict_class cls)
{
	return class_names[cls];
}

static void __attribute__((noreturn)) verdict_end(uint32_t state, enum verdict_class cls,
						  const char *fmt, va_list args)
{
	struct verdict *v = verdict_current;
	uint32_t running = VERDICT_RUNNING;
	int saved_errno = errno;

	if (!v) {
		fprintf(stderr, "%s: ", class_names[cls]);
		errno = saved_errno;
		vfprintf(stderr, fmt, args);
		fputc('\n', stderr);
		abort();
	}
	/* The second thread with an opinion waits for the first one's _exit(). */
	if (!__atomic_compare_exchange_n(&v->state, &running, VERDICT_WRITING, false,
					 __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
		for (;;)
			pause();
	v->cls = cls;
	errno = saved_errno;
	vsnprintf(v->text, sizeof(v->text), fmt, args);
	__atomic_store_n(&v->state, state, __ATOMIC_RELEASE);
	fflush(stdout);
	_exit(1);
}

void verdict_fail(enum verdict_class cls, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	verdict_end(VERDICT_FAILED, cls, fmt, args);
}

void verdict_skip(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	verdict_end(VERDICT_SKIPPED, VERDICT_NONE, fmt, args);
}

void verdict_disturbed(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	verdict_end(VERDICT_DISTURBED, VERDICT_ABI, fmt, args);
}

void verdict_note(const char *fmt, ...)
{
	char line[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	printf("# %s\n", line);
}

void verdict_progress(void)
{
	if (verdict_current)
		__atomic_fetch_add(&verdict_current->watch.progress, 1, __ATOMIC_RELAXED);
}

void verdict_patience(double seconds)
{
	if (verdict_current)
		__atomic_store_n(&verdict_current->watch.patience, (uint32_t)(1e3 * seconds),
				 __ATOMIC_RELAXED);
	verdict_progress();
}

void verdict_exercised(uint64_t attempts, uint64_t overlaps)
{
	if (!verdict_current)
		return;
	verdict_current->race = true;
	verdict_current->attempts += attempts;
	verdict_current->overlaps += overlaps;
}

void verdict_expect(const char *what, uint64_t found, uint64_t due)
{
	if (found != due)
		verdict_fail(VERDICT_ABI, "%s: %#llx, expected %#llx", what,
			     (unsigned long long)found, (unsigned long long)due);
}

void verdict_errno(const char *what, int found, int due)
{
	if (found != -due)
		verdict_fail(VERDICT_ABI, "%s: %s, expected %s", what,
			     found ? strerror(-found) : "success", due ? strerror(due) : "success");
}
