// SPDX-License-Identifier: GPL-2.0-only
/* Weights by name: what they mean, and that mistakes get one clear line. */
#include "kselftest_harness.h"
#include "plan/plan.h"

TEST(mix_changes_what_is_named)
{
	struct mix mix = mix_default(), before = mix;
	char error[PLAN_ERROR_MAX];
	unsigned int k;

	ASSERT_TRUE(mix_parse("punch=3,host-read=0,guest-convert=1000000", &mix, error,
			      sizeof(error)));
	for (k = 0; k < PLAN_KINDS; k++)
		if (k != PLAN_OP(PUNCH) && k != PLAN_HOST_READ && k != PLAN_GUEST_CONVERT)
			EXPECT_EQ(before.weight[k], mix.weight[k]);
	EXPECT_EQ(3, mix.weight[PLAN_OP(PUNCH)]);
	EXPECT_EQ(0, mix.weight[PLAN_HOST_READ]);
	EXPECT_EQ(1000000, mix.weight[PLAN_GUEST_CONVERT]);
	ASSERT_TRUE(mix_parse("", &mix, error, sizeof(error)));
}

/* Names of older versions; "convert" was what is two operations now. */
TEST(mix_takes_older_names)
{
	struct mix mix = mix_default();
	char error[PLAN_ERROR_MAX];

	ASSERT_TRUE(mix_parse("replug=7,convert=8,reopen=0", &mix, error, sizeof(error)));
	EXPECT_EQ(7, mix.weight[PLAN_OP(SLOT_DELETE)]);
	EXPECT_EQ(8, mix.weight[PLAN_OP(TO_PRIVATE)]);
	EXPECT_EQ(8, mix.weight[PLAN_OP(TO_SHARED)]);
	EXPECT_EQ(0, mix.weight[PLAN_OP(FILE_CLOSE)]);
}

TEST(mix_all_comes_first)
{
	struct mix mix = mix_default();
	char error[PLAN_ERROR_MAX];

	ASSERT_TRUE(mix_parse("all=0,read=1,punch=2", &mix, error, sizeof(error)));
	EXPECT_EQ(1, mix.weight[PLAN_READ]);
	EXPECT_EQ(0, mix.weight[PLAN_WRITE]);
	EXPECT_TRUE(mix_any(&mix, MEMORY_ANON, true));
	EXPECT_FALSE(mix_any(&mix, MEMORY_ANON, false));
	EXPECT_TRUE(mix_any(&mix, MEMORY_SPLIT, false));
}

TEST(mix_mistakes)
{
	/* What is wrong, and what must be in the explanation. */
	static const char *const mistakes[][2] = {
		{ "punsh=3", "'punsh' is no operation" },
		{ "punsh=3", "host-write, punch, allocate" },
		{ "convert=1,punsh", "'punsh' is no operation" },
		{ "=3", "'' is no operation" },
		{ ",punch=1", "'' is no operation" },
		{ "punch=1,,read=1", "'' is no operation" },
		{ "punch=1,", "ends in a comma" },
		{ "punch", "'punch' has no weight; expected NAME=WEIGHT" },
		{ "all", "no weight" },
		{ "punch=", "bad weight" },
		{ "punch=-1", "'punch=-1': bad weight; expected a number from 0 to 1000000" },
		{ "punch=1000001", "bad weight" },
		{ "punch=99999999999999999999", "bad weight" },
		{ "punch=1.5", "bad weight" },
		{ "punch = 1", "bad weight" },
		{ "all=0", "switched off" },
		{ "read=0,all=0", "switched off" },
	};
	const struct mix before = mix_default();
	char error[PLAN_ERROR_MAX];
	struct mix mix = before;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mistakes); i++) {
		EXPECT_FALSE(mix_parse(mistakes[i][0], &mix, error, sizeof(error)))
			TH_LOG("%s", mistakes[i][0]);
		EXPECT_NE(NULL, strstr(error, mistakes[i][1]))
			TH_LOG("%s: %s", mistakes[i][0], error);
		EXPECT_EQ(0, memcmp(&before, &mix, sizeof(mix)));
		EXPECT_EQ(NULL, strchr(error, '\n'));
	}
}

/* All names fit into an error line. */
TEST(mix_error_names_all)
{
	struct mix mix = mix_default();
	char error[PLAN_ERROR_MAX];
	unsigned int k;

	EXPECT_FALSE(mix_parse("no-operation-has-a-name-that-is-as-long-as-this-one-is-really-not",
			       &mix, error, sizeof(error)));
	for (k = 0; k < PLAN_KINDS; k++)
		EXPECT_NE(NULL, strstr(error, plan_kinds[k].name));
	EXPECT_NE(NULL, strstr(error, ", all"));
	EXPECT_LT(strlen(error), sizeof(error) - 1);
}

TEST(mix_print_and_back)
{
	struct mix mix = mix_default(), back = { .weight = { 1 } };
	char text[600], error[PLAN_ERROR_MAX];

	mix.weight[PLAN_OP(FORK)] = MIX_WEIGHT_MAX;
	ASSERT_LT(mix_print(&mix, text, sizeof(text)), (int)sizeof(text));
	ASSERT_TRUE(mix_parse(text, &back, error, sizeof(error))) TH_LOG("%s", error);
	EXPECT_EQ(0, memcmp(&mix, &back, sizeof(mix)));
	EXPECT_EQ((int)strlen(text), mix_print(&mix, NULL, 0));
	EXPECT_EQ((int)strlen(text), mix_print(&mix, text, 10));
	EXPECT_EQ(9, strlen(text));
}

TEST(mix_draws_by_weight)
{
	static const enum memory_kind kinds[] = {
		MEMORY_ANON, MEMORY_SHARED, MEMORY_SPLIT, MEMORY_SEALED, MEMORY_INPLACE
	};
	struct mix mix = mix_default();
	struct prng prng = { 3 };
	unsigned int n[PLAN_KINDS], m, i, k, guest;
	const unsigned int draws = 100000;

	mix.weight[PLAN_OP(PUNCH)] = 0;
	for (m = 0; m < ARRAY_SIZE(kinds); m++)
		for (guest = 0; guest < 2; guest++) {
			double sum = 0;

			memset(n, 0, sizeof(n));
			for (i = 0; i < draws; i++)
				n[mix_draw(&mix, kinds[m], guest, &prng)]++;
			for (k = 0; k < PLAN_KINDS; k++)
				if (plan_kind_valid(k, kinds[m], guest))
					sum += mix.weight[k];
			for (k = 0; k < PLAN_KINDS; k++) {
				double due = plan_kind_valid(k, kinds[m], guest) ?
					     draws * mix.weight[k] / sum : 0;

				EXPECT_GE(n[k], due * 0.8) TH_LOG("%s", plan_kinds[k].name);
				EXPECT_LE(n[k], due * 1.2) TH_LOG("%s", plan_kinds[k].name);
			}
		}
}

TEST(mix_draws_the_largest_weights)
{
	struct prng prng = { 3 };
	struct mix mix;
	unsigned int i;

	for (i = 0; i < PLAN_KINDS; i++)
		mix.weight[i] = i == PLAN_SIGNAL ? MIX_WEIGHT_MAX : 0;
	for (i = 0; i < 1000; i++)
		ASSERT_EQ(PLAN_SIGNAL, mix_draw(&mix, MEMORY_ANON, false, &prng));
}

TEST_HARNESS_MAIN
