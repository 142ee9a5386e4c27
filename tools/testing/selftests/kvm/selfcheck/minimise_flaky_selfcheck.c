// SPDX-License-Identifier: GPL-2.0-only
/*
 * The minimiser against judges that see a failure now and then only, as races do: what is
 * left is nearly what it needs, still fails as often as was asked for, and the search
 * spends no more than it may.
 */
#include "kselftest_harness.h"
#include "minimise_fixture.h"

/* A race: fails in six of ten repetitions at best, whatever else is left out. */
TEST(minimise_flaky)
{
	unsigned int seed, close = 0, all = 0;
	double rate = 0;

	for (seed = 0; seed < 50; seed++) {
		struct judge j = { punch_meets_write, 0.6, .prng = { seed } };
		struct plan plan = original(200);
		struct minimise_result r = shrink(&plan, &j, 10, 5, 20000);

		EXPECT_TRUE(punch_meets_write(&plan));
		EXPECT_LE(plan_ops(&plan), 12) TH_LOG("seed %u: %u", seed, plan_ops(&plan));
		EXPECT_GE(r.failures, 2 * r.threshold);
		EXPECT_EQ(20, r.repetitions);
		EXPECT_EQ(j.runs, r.runs);
		EXPECT_LE(r.runs, 20000);
		EXPECT_FALSE(j.invalid);
		close += plan_ops(&plan) == 2;
		rate += r.failures / 20.0;
		all++;
		plan_free(&plan);
	}
	EXPECT_GT(close, all * 8 / 10) TH_LOG("%u of %u", close, all);
	/* Above 0.6: the rate reported is one that reached the threshold. */
	EXPECT_GT(rate / all, 0.55);
	EXPECT_LT(rate / all, 0.75);
}

/* One write is enough for half of the repetitions, with three it fails nearly always. */
static bool with_luck(const struct plan *p, struct prng *prng)
{
	uint32_t a, i, writes = 0;

	if (!punch_meets_write(p))
		return false;
	for (a = 0; a < plan_actors(p); a++)
		for (i = 0; i < p->actors[a].count; i++)
			writes += p->actors[a].ops[i].kind == PLAN_WRITE;
	return prng_below(prng, 100) < (writes < 3 ? 50 : 95);
}

static unsigned int judge_lucky(const struct plan *plan, unsigned int n, void *arg)
{
	unsigned int failures = 0;

	for (; n; n--)
		failures += with_luck(plan, arg);
	return failures;
}

/* Candidates accepted by luck are found out: the result still has the rate asked for. */
TEST(minimise_does_not_drift)
{
	unsigned int seed, i, failures = 0, ops = 0;

	for (seed = 0; seed < 30; seed++) {
		struct prng prng = { seed };
		const struct minimise how = {
			.judge = judge_lucky, .arg = &prng, .repetitions = 10, .threshold = 8,
			.budget = 20000,
		};
		struct plan plan = original(100);

		minimise(&plan, &how);
		ops += plan_ops(&plan);
		for (i = 0; i < 100; i++)
			failures += with_luck(&plan, &prng);
		plan_free(&plan);
	}
	EXPECT_GT(failures / 30, 90) TH_LOG("%u of 100", failures / 30);
	EXPECT_LT(ops, 30 * 5) TH_LOG("%u operations", ops);
}

/* Two of ten is what it does; nobody can ask for more. */
TEST(minimise_rare_failure_lowers_the_threshold)
{
	struct judge j = { punch_meets_write, 0.25, .prng = { 4 } };
	struct plan plan = original(50);
	struct minimise_result r = shrink(&plan, &j, 10, 9, 100000);

	EXPECT_GT(r.threshold, 0);
	EXPECT_LT(r.threshold, 7);
	EXPECT_TRUE(punch_meets_write(&plan));
	EXPECT_GE(r.failures, r.threshold);
	EXPECT_LE(plan_ops(&plan), 12) TH_LOG("%u", plan_ops(&plan));
	plan_free(&plan);
}

TEST(minimise_budget)
{
	uint64_t budget;

	for (budget = 0; budget < 400; budget++) {
		struct judge j = { punch_meets_write, 0.8, .prng = { budget } };
		struct plan plan = original(200);
		struct minimise_result r = shrink(&plan, &j, 10, 5, budget);

		EXPECT_LE(j.runs, budget);
		EXPECT_EQ(j.runs, r.runs);
		EXPECT_NE(MINIMISE_STOPPED, r.end);
		EXPECT_TRUE(punch_meets_write(&plan));
		if (budget && r.end != MINIMISE_NEVER_FAILED)
			EXPECT_GE(r.failures, r.threshold);
		EXPECT_TRUE(budget < 380 || plan_ops(&plan) < 50) TH_LOG("%u", plan_ops(&plan));
		plan_free(&plan);
	}
}

TEST_HARNESS_MAIN
