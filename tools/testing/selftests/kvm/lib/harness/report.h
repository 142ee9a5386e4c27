/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * KTAP on the standard output, on top of kselftest.h: a plan first, one line per sub-test
 * with the diagnostics of a failure before it, totals last.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdint.h>
#include "harness/verdict.h"

enum report_result { REPORT_PASS, REPORT_FAIL, REPORT_SKIP, REPORT_XFAIL };

/**
 * report_begin() - print the header and the plan
 * @planned: number of sub-tests
 */
void report_begin(unsigned int planned);

/**
 * report_none() - print that no sub-test at all is run
 * @reason: why, one line
 *
 * Return: exit code for main().
 */
int report_none(const char *reason);

/**
 * report_text() - print diagnostics of a sub-test
 * @id: stable id of the sub-test
 * @text: one or more lines
 */
void report_text(const char *id, const char *text);

/**
 * report_result() - print the result line of a sub-test
 * @id: stable id of the sub-test
 * @result: passed, failed, skipped, or failed as expected
 * @cls: class of the failure, if it is one
 * @reason: of a skip, or reference of an expected failure
 * @ms: how long it took, in milliseconds
 */
void report_result(const char *id, enum report_result result, enum verdict_class cls,
		   const char *reason, unsigned int ms);

/**
 * report_end() - print the totals
 *
 * Return: the exit code of the program: fail if anything failed, if fewer results
 * came than were planned or if nothing was planned at all; skip if nothing passed.
 */
int report_end(void);

/**
 * report_fixed() - say of a sub-test that failed which commit mended what it looks for, so that
 * "not backported" can be told from "new"
 * @id: of the sub-test
 * @result: nothing is said of any but REPORT_FAIL
 * @fixed: release and title of the commit; may be NULL
 */
void report_fixed(const char *id, enum report_result result, const char *fixed);

/**
 * report_running() - name the sub-test that runs now, and let that be read at once: whoever ends
 * the program early, or finds the machine dead, knows where it was
 * @id: of the sub-test
 */
void report_running(const char *id);

/**
 * report_written() - make sure that what was printed has arrived: results that nobody can read
 * are none
 * @name: of the program
 * @code: exit code of the program if so
 *
 * Return: @code, or 1 after one line on stderr.
 */
int report_written(const char *name, int code);

#endif /* REPORT_H */
