// SPDX-License-Identifier: GPL-2.0-only
/*
 * The single-writer model on forged histories of memory with two copies, and of memory
 * that is absent for a while.
 */
#include "cell_fixture.h"

TEST_F(cell, initial_contents_differ_by_copy)
{
	cell_init(&self->c, 0, OLD, NEW);
	EXPECT_TRUE(read_now(OLD));
	EXPECT_FALSE(read_now(NEW));
	op(SHARED);
	EXPECT_TRUE(read_now(NEW));
	EXPECT_FALSE(read_now(OLD));
}

TEST_F(cell, copies_are_independent)
{
	write_now(OLD);
	op(SHARED);
	EXPECT_FALSE(read_now(OLD));
	EXPECT_TRUE(read_now(0));
	write_now(NEW);
	op(0);
	EXPECT_FALSE(read_now(NEW));
	EXPECT_TRUE(read_now(OLD));
}

TEST_F(cell, reset_of_the_other_copy_spares_this_one)
{
	write_now(OLD);
	op(TIMELINE_RESET1);
	EXPECT_FALSE(read_now(0));
	EXPECT_TRUE(read_now(OLD));
}

TEST_F(cell, reset_of_the_hidden_copy)
{
	write_now(OLD);
	op(SHARED);
	write_now(NEW);
	op(SHARED | TIMELINE_RESET0);
	EXPECT_TRUE(read_now(NEW));
	op(0);
	EXPECT_FALSE(read_now(OLD));
	EXPECT_TRUE(read_now(0));
}

TEST_F(cell, switch_and_reset_in_one_operation)
{
	write_now(OLD);
	op(SHARED | TIMELINE_RESET0 | TIMELINE_RESET1);
	EXPECT_TRUE(read_now(0));
	op(0);
	EXPECT_FALSE(read_now(OLD));
	EXPECT_TRUE(read_now(0));
}

TEST_F(cell, read_during_switch_sees_either_copy)
{
	cell_init(&self->c, 0, OLD, NEW);
	begin(SHARED);
	EXPECT_TRUE(read_now(OLD));
	EXPECT_TRUE(read_now(NEW));
	EXPECT_FALSE(read_now(0));
}

TEST_F(cell, write_during_switch_goes_to_one_copy)
{
	cell_init(&self->c, 0, OLD, OLD);
	begin(SHARED);
	write_now(NEW);
	end();
	EXPECT_FALSE(read_now(0));
	EXPECT_TRUE(read_now(OLD));	/* so it went to copy 0 */
	EXPECT_FALSE(read_now(NEW));
	op(0);
	EXPECT_TRUE(read_now(NEW));
}

TEST_F(cell, absent_memory_reads_as_absent)
{
	write_now(OLD);
	op(TIMELINE_ABSENT);
	EXPECT_TRUE(read_now(WATCH_ABSENT));
	EXPECT_FALSE(read_now(OLD));
	EXPECT_FALSE(read_now(0));
}

TEST_F(cell, write_to_absent_memory_vanishes)
{
	write_now(OLD);
	op(TIMELINE_ABSENT);
	write_now(NEW);
	op(0);
	EXPECT_FALSE(read_now(NEW));
	EXPECT_FALSE(read_now(WATCH_ABSENT));
	EXPECT_TRUE(read_now(OLD));
}

TEST_F(cell, write_while_memory_goes_may_be_lost)
{
	write_now(OLD);
	begin(TIMELINE_ABSENT);
	write_now(NEW);
	end();
	op(0);
	EXPECT_FALSE(read_now(0));
	EXPECT_TRUE(read_now(OLD));
	EXPECT_FALSE(read_now(NEW));
}

TEST_F(cell, read_while_memory_goes_and_comes)
{
	uint64_t s;

	write_now(OLD);
	s = start();
	op(TIMELINE_ABSENT);
	op(TIMELINE_RESET0);
	EXPECT_TRUE(read_from(s, OLD));
	EXPECT_TRUE(read_from(s, WATCH_ABSENT));
	EXPECT_TRUE(read_from(s, 0));
	EXPECT_FALSE(read_from(s, NEW));
	EXPECT_FALSE(read_now(OLD));
}

TEST_F(cell, reset_while_absent)
{
	write_now(OLD);
	op(TIMELINE_ABSENT | TIMELINE_RESET0);
	EXPECT_TRUE(read_now(WATCH_ABSENT));
	op(0);
	EXPECT_FALSE(read_now(OLD));
	EXPECT_TRUE(read_now(0));
}

TEST_HARNESS_MAIN
