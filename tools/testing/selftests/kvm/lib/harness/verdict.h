/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The verdict of one sub-test.
 *
 * A sub-test runs in a process of its own.  Any of its threads may end it with
 * verdict_fail() or verdict_skip().  The words of the first one reach the parent through
 * shared memory, and the process exits at once, without cleaning up: the teardown of a VM
 * whose owner dies is tested as well.
 */
#ifndef VERDICT_H
#define VERDICT_H

#include <stdbool.h>
#include <stdint.h>
#include "harness/hang.h"

/*
 * What a failure is called.  The names are printed and bisected on; docs/reports.md, "What a
 * line says", explains them to users.
 */
enum verdict_class {
	VERDICT_NONE,
	VERDICT_STALE_MAPPING,	/* a page was seen or written after it had been taken away */
	VERDICT_NOT_SCRUBBED,	/* memory that is due to be zero holds something else */
	VERDICT_LEAK,		/* data of another VM */
	VERDICT_WRONG_PAGE,	/* data of another page, or of another word of the page */
	VERDICT_LOST_DATA,	/* zero where data was due */
	VERDICT_LOST_WRITE,	/* an older value where a newer one was due */
	VERDICT_PERMISSION,	/* an access that had to fail did not, or the reverse */
	VERDICT_ABI,		/* wrong errno, exit reason, flags, address or size */
	VERDICT_HANG,		/* no progress (hang.h) */
	VERDICT_KERNEL,		/* the kernel complained in its log (klog.h) */
	VERDICT_ACCOUNTING,	/* memory was not given back (accounting.h) */
	VERDICT_CRASH,		/* the test process died of a signal */
	VERDICT_SETUP,		/* something the test needs and may count on did not work */
	VERDICT_XPASS,		/* a known fault that shows in every run did not */
};

enum verdict_state {
	VERDICT_RUNNING,
	VERDICT_WRITING,
	VERDICT_FAILED,
	VERDICT_SKIPPED,
	VERDICT_DISTURBED,
	VERDICT_DONE,
};

struct verdict {
	uint32_t state;
	uint32_t cls;
	struct hang_watch watch;	/* see verdict_progress() and verdict_patience() */
	uint64_t attempts;		/* how often the sub-test raced what it races ... */
	uint64_t overlaps;		/* ... and how often the two sides really met */
	bool race;			/* the sub-test promised to race: overlaps must not be 0 */
	char text[2000];
};

/* Where verdicts go; the runner sets it before it forks. NULL: print and abort. */
extern struct verdict *verdict_current;

/**
 * verdict_class_name() - name of a class as printed
 * @cls: the class
 *
 * Return: e.g. "STALE_MAPPING".
 */
const char *verdict_class_name(enum verdict_class cls);

/**
 * verdict_fail() - end the sub-test as failed
 * @cls: the class of the fault
 * @fmt: what was expected, what came, for which VM type, page and operation; %m is errno
 *
 * Any thread may call it; only the words of the first one count, later ones wait for the end
 * of the process.
 */
void verdict_fail(enum verdict_class cls, const char *fmt, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

/**
 * verdict_skip() - end the sub-test as not run
 * @fmt: what is missing
 */
void verdict_skip(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

/**
 * verdict_disturbed() - end this attempt at the sub-test: it says nothing about KVM
 * @fmt: what happened
 *
 * It is for the effects of a known fault of an emulator only, see docs/emulator.md.  The
 * runner says so and tries again, up to DISTURBED_MAX attempts in all.  A sub-test that is
 * disturbed in each of them fails: the emulator's fault is rarer than that.
 */
void verdict_disturbed(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));

#define DISTURBED_MAX	5

/**
 * verdict_note() - print a line of diagnostics; it does not decide anything
 * @fmt: the line
 */
void verdict_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * verdict_progress() - tell the watchdog that the sub-test is alive (hang.h)
 *
 * It is cheap: call it from every loop that waits.
 */
void verdict_progress(void);

/**
 * verdict_patience() - tell the watchdog how long the sub-test can be without progress
 * @seconds: after that it hangs; for who has measured how long a step takes, or knows the hang;
 *           0: as others
 */
void verdict_patience(double seconds);

/**
 * verdict_exercised() - account for attempts of a race
 * @attempts: how often the race was tried; added to those of earlier calls
 * @overlaps: how often both sides were seen to overlap; added likewise
 *
 * A sub-test that has called this and saw no overlap at all is skipped as "not
 * exercised", never passed.
 */
void verdict_exercised(uint64_t attempts, uint64_t overlaps);

/**
 * verdict_require() - end the sub-test as VERDICT_SETUP unless a condition holds
 * @cond: the condition
 * @fmt: what could not be done; errno's text follows
 */
#define verdict_require(cond, fmt, ...)							\
	do {										\
		if (!(cond))								\
			verdict_fail(VERDICT_SETUP, fmt ": %m", ##__VA_ARGS__);		\
	} while (0)

/**
 * verdict_expect() - fail as ABI unless a number is what is due
 * @what: the number is
 * @found: it
 * @due: what it has to be
 */
void verdict_expect(const char *what, uint64_t found, uint64_t due);

/**
 * verdict_errno() - fail as ABI unless a call gave the errno that is due
 * @what: was asked for
 * @found: 0 or -errno
 * @due: 0 or errno
 */
void verdict_errno(const char *what, int found, int due);

#endif /* VERDICT_H */
