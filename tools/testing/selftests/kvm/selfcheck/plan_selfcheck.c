// SPDX-License-Identifier: GPL-2.0-only
/* Plans as they are generated: the same everywhere, valid, and made to collide. */
#include "kselftest_harness.h"
#include "plan_fixture.h"

static const enum memory_kind kinds[] = {
	MEMORY_ANON, MEMORY_SHARED, MEMORY_SPLIT, MEMORY_SEALED, MEMORY_INPLACE
};

/* FNV-1a: any change of a plan changes it. */
static uint64_t hash(const char *text)
{
	uint64_t h = 0xcbf29ce484222325ull;

	while (*text)
		h = (h ^ (unsigned char)*text++) * 0x100000001b3ull;
	return h;
}

/* A seed that somebody noted has to mean the same plan for ever, on every machine. */
TEST(plan_of_a_seed_is_known)
{
	static const uint64_t known[] = {
		0x62c6738d8137e90d, 0x1720cd98dd3b5062, 0xe7dbeda27675c06c, 0xda5126ecfb2cb877,
		0x2fbcb2f4a343201c,
	};
	struct plan plan;
	unsigned int m;
	char *text;

	for (m = 0; m < ARRAY_SIZE(kinds); m++) {
		struct plan_config config = plan_fixture(kinds[m], 1000);

		plan_generate(&plan, &config, 0x123456789abcdefull, 7);
		text = plan_text(&plan);
		EXPECT_EQ(known[m], hash(text)) TH_LOG("%s: %#llx", memory_kind_word(kinds[m]),
						       (unsigned long long)hash(text));
		free(text);
		plan_free(&plan);
	}
}

TEST(plan_is_valid)
{
	static const struct { uint32_t vcpus, hosts, pages, slots; } *s, shapes[] = {
		{ 1, 0, 1, 1 }, { 0, 1, 1, 1 }, { 1, 1, 2, 2 }, { 2, 1, 3, 2 }, { 3, 2, 64, 5 },
		{ 1, 1, PLAN_PAGES_MAX, PLAN_MEMSLOTS_MAX }, { 64, 64, 7, 7 },
	};
	char error[PLAN_ERROR_MAX];
	uint32_t m, seed, a, i;
	struct plan plan;

	for (s = shapes; s < shapes + ARRAY_SIZE(shapes); s++)
		for (m = 0; m < ARRAY_SIZE(kinds); m++)
			for (seed = 0; seed < 20; seed++) {
				struct plan_config config = {
					.kind = kinds[m], .vcpus = s->vcpus, .hosts = s->hosts,
					.pages = s->pages, .slots = s->slots, .ops = 50,
					.mix = mix_default(),
				};

				ASSERT_TRUE(plan_config_check(&config, error, sizeof(error)))
					TH_LOG("%s", error);
				plan_generate(&plan, &config, seed, seed);
				EXPECT_EQ(50 * plan_actors(&plan), plan_ops(&plan));
				for (a = 0; a < plan_actors(&plan); a++)
					for (i = 0; i < plan.actors[a].count; i++)
						ASSERT_TRUE(plan_op_check(&plan.config,
							    plan_actor_guest(&plan, a),
							    &plan.actors[a].ops[i], error,
							    sizeof(error))) TH_LOG("%s", error);
				plan_free(&plan);
			}
}

TEST(plan_depends_on_seed_and_round)
{
	const struct plan_config config = plan_fixture(MEMORY_SPLIT, 100);
	struct plan plan, other;
	unsigned int i;

	plan_generate(&plan, &config, 5, 6);
	for (i = 0; i < 3; i++) {
		plan_generate(&other, &config, 5 + (i == 1), 6 + (i == 2));
		EXPECT_EQ(!i, plan_equal(&plan, &other));
		other.config.seed = 5;
		other.config.round = 6;
		EXPECT_EQ(!i, plan_equal(&plan, &other));
		plan_free(&other);
	}
	plan_copy(&other, &plan);
	EXPECT_TRUE(plan_equal(&plan, &other));
	other.actors[1].ops[99].delay ^= 1;
	EXPECT_FALSE(plan_equal(&plan, &other));
	plan_free(&other);
	plan_free(&plan);
	plan_free(&plan);
}

/* Another vCPU changes nobody's list. */
TEST(plan_actors_do_not_depend_on_each_other)
{
	struct plan_config config = plan_fixture(MEMORY_SPLIT, 100);
	struct plan plan, more;
	unsigned int a;

	config.mix.weight[PLAN_SIGNAL] = 0;
	plan_generate(&plan, &config, 5, 6);
	config.vcpus++;
	plan_generate(&more, &config, 5, 6);
	for (a = 0; a < 4; a++)
		EXPECT_EQ(0, memcmp(plan.actors[a].ops, more.actors[a + (a >= 2)].ops,
				    100 * sizeof(struct plan_op)));
	EXPECT_NE(0, memcmp(plan.actors[0].ops, plan.actors[1].ops, 100 * sizeof(struct plan_op)));
	plan_free(&plan);
	plan_free(&more);
}

/* Half of all single pages lie on a few ones; words are few; delays and long ranges rare. */
TEST(plan_actors_collide)
{
	struct plan_config config = plan_fixture(MEMORY_SPLIT, PLAN_OPS_MAX);
	uint32_t on_page[64] = { 0 }, on_word[TOKEN_WORDS] = { 0 }, of_kind[PLAN_KINDS] = { 0 };
	uint32_t a, i, single = 0, ranges = 0, whole = 0, delayed = 0, hot = 0, words = 0, to = 0;
	struct plan plan;

	plan_generate(&plan, &config, 1, 1);
	for (a = 0; a < plan_actors(&plan); a++)
		for (i = 0; i < PLAN_OPS_MAX; i++) {
			const struct plan_op *op = &plan.actors[a].ops[i];

			of_kind[op->kind]++;
			delayed += !!op->delay;
			to += op->flags == PLAN_TO_PRIVATE;
			if (plan_kinds[op->kind].fields & PLAN_WORD) {
				single++;
				on_page[op->page]++;
				on_word[op->word]++;
			} else if (plan_kinds[op->kind].fields & PLAN_PAGES) {
				ranges++;
				whole += op->pages == 64;
			}
		}
	for (i = 0; i < PLAN_KINDS; i++)
		EXPECT_EQ(plan_kind_valid(i, MEMORY_SPLIT, i < PLAN_GUEST_KINDS), of_kind[i] > 0);
	for (i = 0; i < 64; i++) {
		hot += on_page[i] > single / 16 ? on_page[i] : 0;
		EXPECT_GT(on_page[i], 0);
	}
	for (i = 0; i < TOKEN_WORDS; i++)
		words += !!on_word[i];
	EXPECT_GT(hot, single * 4 / 10);
	EXPECT_LT(hot, single * 6 / 10);
	EXPECT_EQ(5 + 2, words);
	EXPECT_GT(on_word[0], single / 5);
	EXPECT_GT(on_word[TOKEN_WORDS - 1], single / 6);
	EXPECT_GT(whole, ranges / 32);
	EXPECT_LT(whole, ranges / 8);
	EXPECT_GT(delayed, single / 10);
	EXPECT_LT(delayed, plan_ops(&plan) / 3);
	EXPECT_GT(to, of_kind[PLAN_GUEST_CONVERT] * 4 / 10);
	EXPECT_LT(to, of_kind[PLAN_GUEST_CONVERT] * 6 / 10);
	plan_free(&plan);
}

TEST(plan_layout_permutes)
{
	struct plan_memslot m[PLAN_MEMSLOTS_MAX];
	uint32_t slots, seed, i, j, permuted = 0;

	for (slots = 1; slots <= PLAN_MEMSLOTS_MAX; slots++)
		for (seed = 0; seed < 50; seed++) {
			const struct plan_config config = {
				.pages = 37, .slots = slots, .seed = seed,
			};
			bool in_file[37] = { false };
			uint32_t next = 0;

			plan_layout(&config, m);
			for (i = 0; i < slots; i++) {
				EXPECT_EQ(next, m[i].first);
				next += m[i].pages;
				EXPECT_GE(m[i].pages, 37 / slots);
				permuted += m[i].offset != m[i].first;
				for (j = 0; j < m[i].pages; j++) {
					ASSERT_LT(m[i].offset + j, 37);
					ASSERT_FALSE(in_file[m[i].offset + j]);
					in_file[m[i].offset + j] = true;
				}
			}
			EXPECT_EQ(37, next);
			EXPECT_TRUE(slots > 1 || !permuted);
		}
	EXPECT_GT(permuted, 3000);
}

TEST(plan_config_mistakes)
{
	const struct mix none = { { 0 } }, host_only = { .weight[PLAN_OP(PUNCH)] = 1 };
	const struct mix deaf = { .weight[PLAN_SIGNAL] = 1 };
	struct {
		struct plan_config c;
		const char *text;
	} *row, rows[] = {
		{ { MEMORY_ANON, 65, 1, 64, 1, .ops = 1 },
		  "vcpus: 65 is not allowed; expected 0 to 64" },
		{ { MEMORY_ANON, 1, 65, 64, 1, .ops = 1 }, "hosts: 65" },
		{ { MEMORY_ANON, 0, 0, 64, 1, .ops = 1 }, "at least one actor" },
		{ { MEMORY_ANON, 1, 1, 0, 1, .ops = 1 },
		  "pages: 0 is not allowed; expected 1 to 524288" },
		{ { MEMORY_ANON, 1, 1, 524289, 1, .ops = 1 }, "pages: 524289" },
		{ { MEMORY_ANON, 1, 1, 64, 0, .ops = 1 },
		  "slots: 0 is not allowed; expected 1 to 16" },
		{ { MEMORY_ANON, 1, 1, 64, 17, .ops = 1 }, "slots: 17" },
		{ { MEMORY_ANON, 1, 1, 3, 4, .ops = 1 }, "slots: 4 is not allowed; expected 1 to 3" },
		{ { MEMORY_ANON, 1, 1, 64, 1, .ops = 0 },
		  "ops: 0 is not allowed; expected 1 to 4096" },
		{ { MEMORY_ANON, 1, 1, 64, 1, .ops = 4097 }, "ops: 4097" },
		{ { 5, 1, 1, 64, 1, .ops = 1 }, "kind: 5" },
		{ { MEMORY_ANON, 1, 1, 64, 1, .ops = 1, .mix = none },
		  "left for vCPUs on anonymous" },
		{ { MEMORY_ANON, 0, 1, 64, 1, .ops = 1, .mix = host_only },
		  "left for host threads on anonymous memory; expected a weight above 0 for one of: "
		  "host-read, host-write, pre-fault" },
		{ { MEMORY_ANON, 0, 1, 64, 1, .ops = 1, .mix = deaf }, "left for host threads" },
		{ { MEMORY_SPLIT, 0, 1, 64, 1, .ops = 1, .mix = host_only }, NULL },
		{ { MEMORY_SPLIT, 1, 1, 64, 1, .ops = 1, .mix = host_only },
		  "left for vCPUs on private" },
	};
	char error[PLAN_ERROR_MAX];

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		error[0] = 0;
		EXPECT_EQ(!row->text, plan_config_check(&row->c, error, sizeof(error)))
			TH_LOG("%s", row->text);
		if (row->text)
			EXPECT_NE(NULL, strstr(error, row->text))
				TH_LOG("%s: %s", row->text, error);
	}
}

TEST(plan_add_up_to_the_maximum)
{
	const struct plan_config config = plan_fixture(MEMORY_ANON, 1);
	const struct plan_op op = { .kind = PLAN_READ, .pages = 1 };
	struct plan plan;
	uint32_t i;

	plan_init(&plan, &config);
	for (i = 0; i < PLAN_OPS_MAX; i++)
		ASSERT_TRUE(plan_add(&plan, 1, &op));
	EXPECT_FALSE(plan_add(&plan, 1, &op));
	EXPECT_EQ(PLAN_OPS_MAX, plan_ops(&plan));
	plan_free(&plan);
}

TEST_HARNESS_MAIN
