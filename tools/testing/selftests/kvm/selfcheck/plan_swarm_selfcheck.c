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

/* Rounds with all kinds, with some, with one for host threads; each is missing now and then. */
TEST(plan_swarm)
{
	struct plan_config config = plan_fixture(MEMORY_SPLIT, 2000);
	uint32_t round, all, host, full = 0, duels = 0, ever_missing = 0;
	struct plan plan;

	plan_generate(&plan, &config, 1, 0);
	all = kinds_of(&plan);
	plan_free(&plan);
	config.swarm = true;
	for (round = 0; round < 60; round++) {
		plan_generate(&plan, &config, 1, round);
		full += kinds_of(&plan) == all;
		host = kinds_of(&plan) >> PLAN_GUEST_KINDS;
		duels += !(host & (host - 1));
		ever_missing |= all & ~kinds_of(&plan);
		plan_free(&plan);
	}
	EXPECT_TRUE(duels >= 15 && duels <= 45) TH_LOG("%u of 60 rounds are duels", duels);
	EXPECT_TRUE(full >= 5 && full <= 30) TH_LOG("%u of 60 rounds have every kind", full);
	EXPECT_EQ(all & ~(1u << PLAN_READ | 1u << PLAN_WRITE), ever_missing);
}

/* Rounds in which one page gets nearly all, and rounds in which no page gets much. */
TEST(plan_focus)
{
	struct plan_config config = plan_fixture(MEMORY_SPLIT, 500);
	uint32_t round, a, i, on_page[64], most, single, narrow = 0, wide = 0;
	struct plan plan;

	config.swarm = true;
	for (round = 0; round < 60; round++) {
		memset(on_page, 0, sizeof(on_page));
		most = single = 0;
		plan_generate(&plan, &config, 1, round);
		for (a = 0; a < plan_actors(&plan); a++)
			for (i = 0; i < plan.actors[a].count; i++) {
				const struct plan_op *op = &plan.actors[a].ops[i];

				if (!(plan_kinds[op->kind].fields & PLAN_WORD))
					continue;
				single++;
				if (++on_page[op->page] > most)
					most = on_page[op->page];
			}
		narrow += most > single / 10 * 9;
		wide += most < single / 4;
		plan_free(&plan);
	}
	EXPECT_TRUE(narrow >= 2 && narrow <= 20) TH_LOG("%u of 60 rounds have one page", narrow);
	EXPECT_TRUE(wide >= 15 && wide <= 50) TH_LOG("%u of 60 rounds have many", wide);
}

/* What must not be missing is not: --mix left one kind for each sort of actor. */
TEST(plan_swarm_leaves_something)
{
	struct plan_config config = plan_fixture(MEMORY_ANON, 10);
	uint32_t round;
	struct plan plan;

	memset(&config.mix, 0, sizeof(config.mix));
	config.mix.weight[PLAN_EXCHANGE] = config.mix.weight[PLAN_OP(FORK)] = 1;
	config.swarm = true;
	for (round = 0; round < 20; round++) {
		plan_generate(&plan, &config, 1, round);
		EXPECT_EQ(1u << PLAN_EXCHANGE | 1u << PLAN_OP(FORK), kinds_of(&plan));
		plan_free(&plan);
	}
}

TEST_HARNESS_MAIN
