/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Make a failing plan smaller, by delta debugging (Zeller, Hildebrandt: "Simplifying and
 * isolating failure-inducing input", IEEE TSE 28(2), 2002): leave out actors, stretches of
 * time, operations, pages, delays, as long as what remains still fails.
 *
 * Races fail now and then only, so each candidate is judged over several repetitions: it
 * counts as failing if @threshold out of @repetitions do.  Judging ends as soon as that is
 * decided either way.  With a failure rate of p per repetition, a candidate as good as the
 * original passes for failing with the probability that a binomial(@repetitions, p) number
 * reaches @threshold; 5 of 10 suits p from 0.6 on.  The other error, taking a plan that
 * fails more rarely than it seems, is found by judging the smallest plan afresh, twice as
 * long, whenever all of one sort has been tried: if it does not reach the threshold again,
 * the plans before it are tried.
 */
#ifndef MINIMISE_H
#define MINIMISE_H

#include "plan/plan.h"

struct minimise_progress {
	const char *phase;		/* "actors", "time", "operations", "pages", "delays", ... */
	uint64_t runs, budget;		/* repetitions so far, and allowed */
	uint32_t candidates, accepted;	/* plans judged; and found failing */
	uint32_t actors, ops, pages;	/* of the smallest plan so far; actors that do anything */
};

struct minimise {
	/**
	 * @judge: run @plan @n times and say how often it failed, 0 to @n; must not keep @plan
	 */
	unsigned int (*judge)(const struct plan *plan, unsigned int n, void *arg);
	/**
	 * @progress: called after each candidate; false ends the search with what there is.
	 * May be NULL
	 */
	bool (*progress)(const struct minimise_progress *progress, void *arg);
	void *arg;
	unsigned int repetitions;	/* at most, per candidate */
	unsigned int threshold;		/* failures that make a candidate count, from 1 */
	uint64_t budget;		/* repetitions in all; never exceeded */
};

enum minimise_end {
	MINIMISE_DONE,		/* nothing more can be left out */
	MINIMISE_BUDGET,	/* smaller, perhaps, with a larger budget */
	MINIMISE_STOPPED,	/* by @progress */
	MINIMISE_NEVER_FAILED,	/* the plan given never failed: it is returned untouched */
};

struct minimise_result {
	enum minimise_end end;
	unsigned int failures, repetitions;	/* of the plan returned, judged afresh */
	unsigned int threshold;		/* that was asked for, or what the plan given reached */
	uint64_t runs;			/* repetitions in all */
	uint32_t candidates, accepted;
};

/**
 * minimise_end_name() - say why the search ended
 * @end: how
 *
 * Return: words for a report, such as "nothing more can be left out".
 */
const char *minimise_end_name(enum minimise_end end);

/**
 * minimise() - make a failing plan smaller
 * @plan: to be replaced by the smallest one found that still fails
 * @how: judge, repetitions, threshold, budget
 *
 * If @plan itself fails more rarely than the threshold, it becomes the threshold.
 *
 * Return: how the search ended, and what it cost.
 */
struct minimise_result minimise(struct plan *plan, const struct minimise *how);

#endif /* MINIMISE_H */
