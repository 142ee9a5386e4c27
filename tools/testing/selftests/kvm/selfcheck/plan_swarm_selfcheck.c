// SPDX-License-Identifier: GPL-2.0-only
/* Rounds that leave out some of the kinds of operations. */
#include "kselftest_harness.h"
#include "plan_fixture.h"

/* Kinds that occur in a plan, a bit each. */
static uint32_t kinds_of(const struct plan *plan)
{
	uint32_t a, i, found = 0;

	for (a = 0; a < plan_actors(plan); a++)
		for (i = 0; i < plan->actors[a].count; i++)
			found |= 1u << plan->actors[a].ops[i].kind;
	return found;
}

/* Rounds without some kinds, and rounds with all; each kind is missing now and then. */
TEST(plan_swarm)
{
	struct plan_config config = plan_fixture(RAM_SPLIT, 2000);
	uint32_t round, all, full = 0, ever_missing = 0;
	struct plan plan;

	plan_generate(&plan, &config, 1, 0);
	all = kinds_of(&plan);
	plan_free(&plan);
	config.swarm = true;
	for (round = 0; round < 60; round++) {
		plan_generate(&plan, &config, 1, round);
		full += kinds_of(&plan) == all;
		ever_missing |= all & ~kinds_of(&plan);
		plan_free(&plan);
	}
	EXPECT_TRUE(full >= 15 && full <= 45) TH_LOG("%u of 60 rounds have every kind", full);
	EXPECT_EQ(all & ~(1u << PLAN_READ | 1u << PLAN_WRITE), ever_missing);
}

/* What must not be missing is not: --mix left one kind for each sort of actor. */
TEST(plan_swarm_leaves_something)
{
	struct plan_config config = plan_fixture(RAM_ANON, 10);
	uint32_t round;
	struct plan plan;

	memset(&config.mix, 0, sizeof(config.mix));
	config.mix.weight[PLAN_EXCHANGE] = config.mix.weight[PLAN_FORK] = 1;
	config.swarm = true;
	for (round = 0; round < 20; round++) {
		plan_generate(&plan, &config, 1, round);
		EXPECT_EQ(1u << PLAN_EXCHANGE | 1u << PLAN_FORK, kinds_of(&plan));
		plan_free(&plan);
	}
}

TEST_HARNESS_MAIN
