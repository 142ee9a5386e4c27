/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What becomes of one attempt at a sub-test: its own verdict, the way its process ended, the
 * kernel's complaints and what was not given back, weighed against what is known of this kernel.
 */
#ifndef OUTCOME_H
#define OUTCOME_H

#include <stdbool.h>
#include "harness/accounting.h"
#include "harness/klog.h"
#include "harness/report.h"
#include "harness/runner.h"
#include "harness/verdict.h"

/**
 * struct outcome - result of an attempt
 * @result: pass, failure, skip or expected failure
 * @cls: of a failure
 * @klog: the kernel complained of something that is not known
 * @text: what the report says about it; the first line is the verdict's
 */
struct outcome {
	enum report_result result;
	enum verdict_class cls;
	bool klog;
	char text[8192];
};

/**
 * outcome_fail() - a failure
 * @out: set
 * @cls: of it
 * @text: its words
 */
void outcome_fail(struct outcome *out, enum verdict_class cls, const char *text);

/**
 * outcome_append() - more words
 * @out: has words already
 * @title: a line
 * @text: those below it
 */
void outcome_append(struct outcome *out, const char *title, const char *text);

/**
 * outcome_of_known() - a failure of the class that is known is expected
 * @out: a failure
 * @known: what is known of the sub-test, or NULL
 */
void outcome_of_known(struct outcome *out, const struct known_issue *known);

/**
 * outcome_of_child() - the outcome by the child's own words and the way in which it ended
 * @out: set
 * @v: the child's words
 * @status: as waitpid() says
 * @known: what is known of the sub-test, or NULL
 */
void outcome_of_child(struct outcome *out, const struct verdict *v, int status,
		      const struct known_issue *known);

/**
 * outcome_of_accounting() - a sub-test that has passed so far fails if it kept what it used
 * @out: so far
 * @before: taken before the attempt
 */
void outcome_of_accounting(struct outcome *out, const struct accounting *before);

/**
 * outcome_of_klog() - a complaint of the kernel fails the sub-test
 * @out: so far; words of the sub-test itself stay first
 * @k: marked before the attempt
 * @known: a complaint that is known turns a pass into an expected failure and changes no other
 *         outcome; or NULL
 */
void outcome_of_klog(struct outcome *out, struct klog *k, const struct known_issue *known);

/**
 * outcome_of_certain() - a fault that shows in every run did not: a failure, so that somebody notes
 * @out: so far
 * @known: what is known of the sub-test, or NULL
 */
void outcome_of_certain(struct outcome *out, const struct known_issue *known);

#endif /* OUTCOME_H */
