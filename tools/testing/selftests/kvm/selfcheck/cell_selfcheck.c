// SPDX-License-Identifier: GPL-2.0-only
/*
 * The single-writer model on forged histories of memory with one copy: what it must
 * flag, and the near misses that it must not.
 */
#include "cell_fixture.h"

TEST_F(cell, initial_contents)
{
	EXPECT_TRUE(read_now(0));
	EXPECT_FALSE(read_now(OLD));
}

TEST_F(cell, write_then_read)
{
	write_now(OLD);
	EXPECT_TRUE(read_now(OLD));
	write_now(NEW);
	EXPECT_TRUE(read_now(NEW));
	EXPECT_TRUE(read_now(NEW));
}

TEST_F(cell, lost_write_is_flagged)
{
	write_now(OLD);
	write_now(NEW);
	EXPECT_FALSE(read_now(OLD));
	EXPECT_FALSE(read_now(0));
}

TEST_F(cell, foreign_value_is_flagged)
{
	write_now(OLD);
	EXPECT_FALSE(read_now(0xdead));
	EXPECT_FALSE(read_now(WATCH_ABSENT));
}

TEST_F(cell, reset_takes_the_value_away)
{
	write_now(OLD);
	op(TIMELINE_RESET0);
	EXPECT_FALSE(read_now(OLD));
	EXPECT_TRUE(read_now(0));
}

TEST_F(cell, operation_without_reset_keeps_the_value)
{
	write_now(OLD);
	op(0);
	EXPECT_FALSE(read_now(0));
	EXPECT_TRUE(read_now(OLD));
}

TEST_F(cell, write_after_reset_survives_it)
{
	write_now(OLD);
	op(TIMELINE_RESET0);
	write_now(NEW);
	EXPECT_FALSE(read_now(0));
	EXPECT_TRUE(read_now(NEW));
}

TEST_F(cell, read_during_reset_sees_either)
{
	write_now(OLD);
	begin(TIMELINE_RESET0);
	EXPECT_TRUE(read_now(OLD));
	EXPECT_TRUE(read_now(0));
	EXPECT_FALSE(read_now(NEW));
	end();
	EXPECT_FALSE(read_now(OLD));
	EXPECT_TRUE(read_now(0));
}

TEST_F(cell, read_across_reset_sees_either)
{
	uint64_t s;

	write_now(OLD);
	s = start();
	op(TIMELINE_RESET0);
	EXPECT_TRUE(read_from(s, OLD));
	EXPECT_TRUE(read_from(s, 0));
	EXPECT_FALSE(read_from(s, NEW));
}

/* The read began after the reset had returned, though it met the next operation. */
TEST_F(cell, read_during_next_operation_must_not_see_older)
{
	write_now(OLD);
	op(TIMELINE_RESET0);
	begin(0);
	EXPECT_FALSE(read_now(OLD));
	EXPECT_TRUE(read_now(0));
}

TEST_F(cell, write_across_reset_leaves_either)
{
	uint64_t s;

	write_now(OLD);
	s = start();
	op(TIMELINE_RESET0);
	write_from(s, NEW);
	EXPECT_FALSE(read_now(OLD));
	EXPECT_TRUE(read_now(0));
}

TEST_F(cell, write_across_reset_may_survive)
{
	uint64_t s = start();

	begin(TIMELINE_RESET0);
	write_from(s, NEW);
	end();
	EXPECT_TRUE(read_now(NEW));
}

/* Both outcomes were possible; once one was seen the other is gone. */
TEST_F(cell, definite_read_collapses)
{
	uint64_t s = start();

	op(TIMELINE_RESET0);
	write_from(s, NEW);
	EXPECT_TRUE(read_now(0));
	EXPECT_FALSE(read_now(NEW));
}

TEST_F(cell, definite_read_collapses_the_other_way)
{
	uint64_t s = start();

	op(TIMELINE_RESET0);
	write_from(s, NEW);
	EXPECT_TRUE(read_now(NEW));
	EXPECT_FALSE(read_now(0));
}

TEST_F(cell, two_resets)
{
	uint64_t s;

	write_now(OLD);
	s = start();
	op(TIMELINE_RESET0);
	write_from(s, NEW);
	op(TIMELINE_RESET0);
	EXPECT_FALSE(read_now(NEW));
	EXPECT_FALSE(read_now(OLD));
	EXPECT_TRUE(read_now(0));
}

TEST_F(cell, access_across_two_resets)
{
	uint64_t s;

	write_now(OLD);
	s = start();
	op(TIMELINE_RESET0);
	op(TIMELINE_RESET0);
	EXPECT_TRUE(read_from(s, OLD));
	EXPECT_TRUE(read_from(s, 0));
	write_from(s, NEW);
	EXPECT_FALSE(read_now(OLD));
	EXPECT_TRUE(read_now(NEW));
}

TEST_F(cell, two_writes_during_one_reset)
{
	begin(TIMELINE_RESET0);
	write_now(OLD);
	write_now(NEW);
	EXPECT_FALSE(read_now(OLD));
	end();
	EXPECT_FALSE(read_now(OLD));
	EXPECT_TRUE(read_now(NEW));
}

/* The first write overlapped the reset, the second came after it: nothing is open. */
TEST_F(cell, definite_write_settles_what_was_open)
{
	begin(TIMELINE_RESET0);
	write_now(OLD);
	end();
	write_now(NEW);
	EXPECT_FALSE(read_now(OLD));
	EXPECT_FALSE(read_now(0));
	EXPECT_TRUE(read_now(NEW));
}

/* More open outcomes than there is room for: nothing may be flagged any more. */
TEST_F(cell, too_many_candidates)
{
	uint64_t v;

	begin(SHARED);
	for (v = 1; v <= CELL_CANDIDATES + 1; v++)
		write_now(v);
	end();
	EXPECT_TRUE(read_now(0xdead));
	/* What was read is what is there. */
	EXPECT_FALSE(read_now(1));
	write_now(NEW);
	EXPECT_FALSE(read_now(0xdead));
}

TEST_F(cell, exactly_as_many_candidates_as_fit)
{
	uint64_t v;

	begin(SHARED);
	for (v = 1; v < CELL_CANDIDATES; v++)
		write_now(v);
	end();
	EXPECT_FALSE(read_now(0xdead));
	EXPECT_TRUE(read_now(1));
}

TEST_F(cell, ring_wraps)
{
	unsigned int i;

	for (i = 0; i < 5 * TIMELINE_STATES; i++) {
		write_now(OLD + i);
		op(i & 1 ? TIMELINE_RESET0 : 0);
		EXPECT_EQ(!(i & 1), read_now(OLD + i));
	}
}

/* The owner slept through many operations, but all of them are still remembered. */
TEST_F(cell, lag_within_the_ring)
{
	unsigned int i;

	write_now(OLD);
	op(TIMELINE_RESET0);
	for (i = 0; i < TIMELINE_STATES / 2; i++)
		op(0);
	EXPECT_FALSE(read_now(OLD));
	EXPECT_TRUE(read_now(0));
}

TEST_F(cell, lag_beyond_the_ring_forgets)
{
	unsigned int i;

	write_now(OLD);
	for (i = 0; i < TIMELINE_STATES + 1; i++)
		op(0);
	EXPECT_TRUE(read_now(0xdead));
	EXPECT_FALSE(read_now(OLD));
	write_now(NEW);
	EXPECT_FALSE(read_now(OLD));
	EXPECT_TRUE(read_now(NEW));
}

/* States are overwritten between the access and its judgement. */
TEST_F(cell, overrun_while_judging_a_read)
{
	uint64_t s, after;
	unsigned int i;

	write_now(OLD);
	s = after = start();
	for (i = 0; i < TIMELINE_STATES; i++)
		op(SHARED);
	EXPECT_TRUE(cell_read(&self->c, &self->t, OLD, s, after));
	/* The state that it was judged by was another: no copy may have been settled. */
	op(SHARED);
	EXPECT_TRUE(read_now(0));
}

TEST_F(cell, overrun_while_judging_a_write)
{
	uint64_t s, after;
	unsigned int i;

	s = after = start();
	for (i = 0; i < TIMELINE_STATES; i++)
		op(SHARED);
	cell_write(&self->c, &self->t, OLD, s, after);
	EXPECT_TRUE(read_now(0));
}

TEST_F(cell, expected_names_a_legal_value)
{
	write_now(OLD);
	EXPECT_EQ(OLD, cell_expected(&self->c, &self->t, 0));
	op(TIMELINE_ABSENT);
	EXPECT_EQ(WATCH_ABSENT, cell_expected(&self->c, &self->t, 1));
}

TEST_HARNESS_MAIN
