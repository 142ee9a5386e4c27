// SPDX-License-Identifier: GPL-2.0-only
/* What a vCPU tells userspace when it meets a hole: an access where no memslot is. */
#include "harness/known_issues.h"
#include "harness/runner.h"
#include "stage/stage.h"

#define PAIRS	4u

/*
 * One vCPU that executes a zero page, which ends in an exception, and then reads a hole;
 * several times, as no exit must come in between: at first the handler itself is faulted in.
 */
static void make_plan(struct plan *plan)
{
	const struct plan_config config = {
		.kind = MEMORY_ANON, .vcpus = 1, .pages = 2, .slots = 2,
	};
	const struct plan_op execute = {
		.kind = PLAN_EXECUTE, .flags = PLAN_AS_IS, .page = 1, .pages = 1,
		.word = PLAN_CODE_WORD,
	};
	const struct plan_op read = { .kind = PLAN_READ, .pages = 1 };
	unsigned int i;

	plan_init(plan, &config);
	for (i = 0; i < PAIRS; i++) {
		plan_add(plan, 0, &execute);
		plan_add(plan, 0, &read);
	}
}

static void after_exception(const struct run *run)
{
	struct stage_setup setup = { .ops = 2 * PAIRS, .place = -1 };
	struct plan plan;
	struct stage *s;
	uint64_t i, vectorings = 0;

	make_plan(&plan);
	for (i = 0; i < run->iterations; i++) {
		s = stage_create(&plan.config, &setup);
		memslot_delete(s->vm, &s->memory->slots[0]);
		stage_run(s, &plan);
		if (s->counts.holes != PAIRS)
			verdict_fail(VERDICT_ABI, "%u reads of a hole, and %llu exits for MMIO",
				     PAIRS,
				     (unsigned long long)s->counts.holes);
		vectorings += s->agents[0]->vectorings;
		memslot_set(s->vm, &s->memory->slots[0]);
		stage_destroy(s);
	}
	if (vectorings)
		verdict_fail(VERDICT_ABI,
			     "%llu of %llu accesses to a hole, after the guest had handled an exception, ended in an internal error (KVM_INTERNAL_ERROR_DELIVERY_EV) instead of KVM_EXIT_MMIO",
			     (unsigned long long)vectorings,
			     (unsigned long long)(PAIRS * run->iterations));
}

static const struct subtest subtests[] = {
	{ "hole/after-exception", "an access to a hole is MMIO also after the guest took an exception",
	  after_exception, NULL, &known_false_vectoring },
};

TEST_PROGRAM("hole_exit_test", subtests, .iterations = 3)
