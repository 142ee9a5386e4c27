// SPDX-License-Identifier: GPL-2.0-only
/* Which operations of a plan met: intervals and pages made by hand. */
#include "kselftest_harness.h"
#include "plan/overlap.h"

#define ACTORS	3

FIXTURE(overlap)
{
	struct plan plan;
	struct plan_span spans[ACTORS][4];
	struct plan_span *of[ACTORS];
	struct overlap sums;
};

FIXTURE_SETUP(overlap)
{
	const struct plan_config config = {
		.kind = MEMORY_SHARED, .vcpus = 1, .hosts = 2, .pages = 64, .slots = 2,
	};
	unsigned int a;

	plan_init(&self->plan, &config);
	for (a = 0; a < ACTORS; a++)
		self->of[a] = self->spans[a];
}

FIXTURE_TEARDOWN(overlap)
{
	plan_free(&self->plan);
}

static void add(struct __test_metadata *_metadata, FIXTURE_DATA(overlap) *self, uint32_t actor,
		struct plan_op op, uint64_t begin, uint64_t end)
{
	const uint32_t n = self->plan.actors[actor].count;

	ASSERT_TRUE(plan_add(&self->plan, actor, &op));
	self->spans[actor][n] = (struct plan_span){ begin, end };
}

#define ADD(actor, begin, end, ...)	\
	add(_metadata, self, actor, (struct plan_op){ __VA_ARGS__ }, begin, end)
#define COUNT()				overlap_add(&self->sums, &self->plan, self->of)

TEST_F(overlap, meets)
{
	ADD(0, 1, 10, .kind = PLAN_READ, .page = 5, .pages = 1);
	ADD(1, 5, 20, .kind = PLAN_OP(PUNCH), .page = 4, .pages = 2);
	COUNT();
	EXPECT_EQ(1, self->sums.met[PLAN_READ][PLAN_OP(PUNCH)]);
	EXPECT_EQ(0, self->sums.met[PLAN_OP(PUNCH)][PLAN_READ]);
	EXPECT_EQ(1, self->sums.total);
	EXPECT_EQ(1, self->sums.ops[PLAN_READ]);
}

TEST_F(overlap, one_after_the_other)
{
	ADD(0, 1, 10, .kind = PLAN_READ, .page = 5, .pages = 1);
	ADD(1, 11, 20, .kind = PLAN_OP(PUNCH), .page = 4, .pages = 2);
	COUNT();
	EXPECT_EQ(0, self->sums.total);
}

TEST_F(overlap, other_pages)
{
	ADD(0, 1, 10, .kind = PLAN_READ, .page = 6, .pages = 1);
	ADD(1, 2, 9, .kind = PLAN_OP(PUNCH), .page = 4, .pages = 2);
	ADD(2, 2, 9, .kind = PLAN_OP(PUNCH), .page = 7, .pages = 1);
	COUNT();
	EXPECT_EQ(0, self->sums.total);
}

/* One long operation meets all that happens meanwhile; its own actor's do not count. */
TEST_F(overlap, long_one)
{
	ADD(0, 1, 2, .kind = PLAN_READ, .page = 0, .pages = 1);
	ADD(0, 4, 5, .kind = PLAN_WRITE, .page = 0, .pages = 1);
	ADD(0, 6, 7, .kind = PLAN_READ, .page = 0, .pages = 1);
	ADD(1, 3, 9, .kind = PLAN_OP(DISCARD), .page = 0, .pages = 64);
	ADD(1, 10, 11, .kind = PLAN_OP(DISCARD), .page = 0, .pages = 64);
	COUNT();
	EXPECT_EQ(1, self->sums.met[PLAN_WRITE][PLAN_OP(DISCARD)]);
	EXPECT_EQ(1, self->sums.met[PLAN_READ][PLAN_OP(DISCARD)]);
	EXPECT_EQ(0, self->sums.met[PLAN_OP(DISCARD)][PLAN_OP(DISCARD)]);
}

/* A memslot is its pages; a new file and a signal concern all. */
TEST_F(overlap, pages_of_others)
{
	ADD(0, 1, 20, .kind = PLAN_READ, .page = 40, .pages = 1);
	ADD(1, 2, 3, .kind = PLAN_OP(SLOT_DELETE), .page = 0);
	ADD(1, 4, 5, .kind = PLAN_OP(SLOT_DELETE), .page = 1);
	ADD(1, 6, 7, .kind = PLAN_OP(FILE_CLOSE));
	ADD(2, 8, 9, .kind = PLAN_SIGNAL, .page = 0);
	COUNT();
	EXPECT_EQ(1, self->sums.met[PLAN_READ][PLAN_OP(SLOT_DELETE)]);
	EXPECT_EQ(1, self->sums.met[PLAN_READ][PLAN_OP(FILE_CLOSE)]);
	EXPECT_EQ(1, self->sums.met[PLAN_READ][PLAN_SIGNAL]);
}

TEST_F(overlap, same_kind)
{
	ADD(1, 1, 10, .kind = PLAN_OP(PUNCH), .page = 0, .pages = 2);
	ADD(2, 5, 6, .kind = PLAN_OP(PUNCH), .page = 1, .pages = 2);
	COUNT();
	EXPECT_EQ(1, self->sums.met[PLAN_OP(PUNCH)][PLAN_OP(PUNCH)]);
}

/* An actor that stopped early has done what has an end, and no more. */
TEST_F(overlap, not_carried_out)
{
	ADD(0, 1, 10, .kind = PLAN_READ, .page = 0, .pages = 1);
	ADD(0, 0, 0, .kind = PLAN_READ, .page = 0, .pages = 1);
	ADD(1, 2, 3, .kind = PLAN_OP(PUNCH), .page = 0, .pages = 1);
	COUNT();
	EXPECT_EQ(1, self->sums.ops[PLAN_READ]);
	EXPECT_EQ(1, self->sums.total);
}

TEST_F(overlap, merge_and_words)
{
	struct overlap twice = { 0 };
	char text[200];

	ADD(0, 1, 10, .kind = PLAN_READ, .page = 0, .pages = 1);
	ADD(1, 2, 3, .kind = PLAN_OP(PUNCH), .page = 0, .pages = 1);
	COUNT();
	overlap_merge(&twice, &self->sums);
	overlap_merge(&twice, &self->sums);
	EXPECT_EQ(2, twice.total);
	overlap_describe(&twice, PLAN_OP(PUNCH), text, sizeof(text));
	EXPECT_STREQ("punch 2: met read 2", text);
	overlap_describe(&twice, PLAN_READ, text, sizeof(text));
	EXPECT_STREQ("read 2: met punch 2", text);
	overlap_describe(&twice, PLAN_OP(FORK), text, sizeof(text));
	EXPECT_STREQ("", text);
	overlap_describe(&twice, PLAN_READ, text, 8);
	EXPECT_EQ(7, strlen(text));
}

TEST_HARNESS_MAIN
