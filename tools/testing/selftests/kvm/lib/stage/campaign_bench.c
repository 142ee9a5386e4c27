// SPDX-License-Identifier: GPL-2.0-only
/* The same plans with and without a checker, one after the other: what checking costs. */
#include "harness/clock.h"
#include "stage/campaign.h"
#include "stage/evidence.h"
#include "stage/stage.h"

/* Plans that the emulator may spoil; more of them, and the ratio is worth nothing. */
#define LOST_MAX	5

static double time_of(struct stage *s, const struct plan *plan)
{
	double begin = clock_seconds();

	if (stage_run(s, plan))
		stage_fail_anomaly(s);
	return clock_seconds() - begin;
}

static struct stage *bench_stage(const struct plan_config *shape, const struct run *run, bool check)
{
	struct stage_setup setup = {
		.ops = shape->guest_ops > shape->ops ? shape->guest_ops : shape->ops,
		.check = check,
		.place = -1,
		.may_slip = true,
		.failed = evidence_keep,
		.failed_arg = (void *)run,
	};

	return stage_create(shape, &setup);
}

/* A plan that the emulator spoilt on either VM is not counted: docs/emulator.md. */
void campaign_bench(const struct campaign_config *config, const struct run *run)
{
	struct plan_config shape = config->shape;
	struct stage *stages[2];
	double taken[2] = { 0 };
	uint64_t ops = 0;
	uint32_t round, lost = 0, check;

	shape.seed = run->seed;
	for (check = 0; check < 2; check++)
		stages[check] = bench_stage(&shape, run, check);
	for (round = 0; taken[0] + taken[1] < run->duration; round++) {
		double took[2];
		struct plan plan;
		bool slipped = false;

		plan_generate(&plan, &shape, shape.seed, round);
		for (check = 0; check < 2; check++) {
			took[check] = time_of(stages[check], &plan);
			if (!stages[check]->slipped)
				continue;
			slipped = true;
			stage_destroy(stages[check]);
			stages[check] = bench_stage(&shape, run, check);
		}
		lost += slipped;
		if (lost > LOST_MAX)
			verdict_disturbed("%u plans; under emulation, see docs/emulator.md", lost);
		for (check = 0; !slipped && check < 2; check++)
			taken[check] += took[check];
		ops += slipped ? 0 : plan_ops(&plan);
		plan_free(&plan);
		verdict_progress();
	}
	verdict_note("%s: %u plans twice: %.0f operations/s unchecked, %.0f checked, ratio %.2f",
		     memory_kind_name(shape.kind), round - lost, ops / taken[0], ops / taken[1],
		     taken[0] / taken[1]);
	for (check = 0; check < 2; check++)
		stage_destroy(stages[check]);
}
