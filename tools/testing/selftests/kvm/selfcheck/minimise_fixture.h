/* SPDX-License-Identifier: GPL-2.0-only */
/* Judges for the checks of the minimiser: they know what a failure needs. */
#ifndef MINIMISE_FIXTURE_H
#define MINIMISE_FIXTURE_H

#include "plan/minimise.h"
#include "plan_fixture.h"

struct judge {
	bool (*needs)(const struct plan *plan);	/* is everything there that the failure needs? */
	double rate;			/* how often it then fails */
	struct prng prng;
	uint64_t runs, largest, progress;
	uint64_t stop_at;		/* the call that progress answers with false; 0: none */
	bool invalid;			/* a candidate was no valid plan */
};

static inline unsigned int judge_run(const struct plan *plan, unsigned int n, void *arg)
{
	char error[PLAN_ERROR_MAX];
	struct judge *j = arg;
	unsigned int failures = 0;
	uint32_t a, i;

	j->runs += n;
	j->invalid |= !plan_shape_check(&plan->config, error, sizeof(error));
	for (a = 0; a < plan_actors(plan); a++)
		for (i = 0; i < plan->actors[a].count; i++)
			j->invalid |= !plan_op_check(&plan->config, plan_actor_guest(plan, a),
						     &plan->actors[a].ops[i], error, sizeof(error));
	for (; n; n--)
		if (j->needs(plan) && prng_below(&j->prng, 1000) < j->rate * 1000)
			failures++;
	return failures;
}

static inline bool judge_progress(const struct minimise_progress *p, void *arg)
{
	struct judge *j = arg;

	j->largest = p->budget;
	return p->runs <= p->budget && ++j->progress != j->stop_at;
}

static inline struct minimise_result shrink(struct plan *plan, struct judge *j, unsigned int n,
				     unsigned int threshold, uint64_t budget)
{
	const struct minimise how = {
		.judge = judge_run, .progress = judge_progress, .arg = j,
		.repetitions = n, .threshold = threshold, .budget = budget,
	};

	return minimise(plan, &how);
}

static inline struct plan original(uint32_t ops)
{
	struct plan_config config = plan_fixture(MEMORY_SPLIT, ops);
	struct plan plan;

	plan_generate(&plan, &config, 42, 1);
	return plan;
}

static inline bool covers(const struct plan_op *op, uint32_t page)
{
	return page - op->page < op->pages;
}

/* Somebody's operation of a kind that concerns @page (any page, if ~0); NULL if there is none. */
static inline const struct plan_op *find(const struct plan *p, unsigned int kind, uint32_t page)
{
	uint32_t a, i;

	for (a = 0; a < plan_actors(p); a++)
		for (i = 0; i < p->actors[a].count; i++)
			if (p->actors[a].ops[i].kind == kind &&
			    (page == ~0u || covers(&p->actors[a].ops[i], page)))
				return &p->actors[a].ops[i];
	return NULL;
}

/* A punch and a write that meet, wherever. */
static inline bool punch_meets_write(const struct plan *p)
{
	uint32_t page;

	for (page = 0; page < p->config.pages; page++)
		if (find(p, PLAN_OP(PUNCH), page) && find(p, PLAN_WRITE, page))
			return true;
	return false;
}

#endif /* MINIMISE_FIXTURE_H */
