// SPDX-License-Identifier: GPL-2.0-only
/*
 * The single-writer model against random histories of a word that behaves: never
 * flagged; and of one that misbehaves once, beyond what any order of events could
 * explain: always flagged.
 */
#include "cell_word.h"
#include "kselftest_harness.h"

#define HISTORIES	20000
#define ACCESSES	60

/* Any past, then a definite state: present, copy @copy, no operation under way. */
static bool word_prepare(struct word *w, uint64_t seed, unsigned int copy)
{
	word_init(w, seed);
	if (!word_history(w, below(w, ACCESSES)))
		return false;
	host_goto(w, copy);
	return true;
}

static const uint8_t RESET_OF[2] = { TIMELINE_RESET0, TIMELINE_RESET1 };

TEST(word_that_behaves)
{
	uint64_t seed, settled = 0;
	struct word w;

	for (seed = 0; seed < HISTORIES; seed++) {
		word_init(&w, seed);
		ASSERT_TRUE(word_history(&w, ACCESSES))
			TH_LOG("seed %llu", (unsigned long long)seed);
		settled += w.settled;
	}
	/* Not by never saying anything: the model held most of what it could hold. */
	EXPECT_GT(settled, HISTORIES * ACCESSES / 10);
}

TEST(value_from_before_a_reset)
{
	uint64_t seed, token;
	struct word w;

	for (seed = 0; seed < HISTORIES; seed++) {
		unsigned int copy = seed & 1;

		ASSERT_TRUE(word_prepare(&w, seed, copy));
		token = definite_write(&w);
		ASSERT_TRUE(word_watch(&w, below(&w, 4), 0));
		host_goto(&w, below(&w, 4) | RESET_OF[copy]);
		ASSERT_TRUE(word_watch(&w, below(&w, 4), 0));
		host_goto(&w, copy);
		ASSERT_FALSE(definite_read(&w, token))
			TH_LOG("seed %llu", (unsigned long long)seed);
	}
}

TEST(write_that_got_lost)
{
	uint64_t seed, token, lost;
	struct word w;

	for (seed = 0; seed < HISTORIES; seed++) {
		unsigned int copy = seed & 1;

		ASSERT_TRUE(word_prepare(&w, seed, copy));
		token = definite_write(&w);
		lost = definite_write(&w);
		ASSERT_TRUE(word_watch(&w, below(&w, 4), RESET_OF[copy]));
		host_goto(&w, copy);
		ASSERT_FALSE(definite_read(&w, token))
			TH_LOG("seed %llu", (unsigned long long)seed);
		ASSERT_FALSE(definite_read(&w, 0));
		ASSERT_TRUE(definite_read(&w, lost));
	}
}

TEST(value_of_the_other_copy)
{
	uint64_t seed, token, other;
	struct word w;

	for (seed = 0; seed < HISTORIES; seed++) {
		unsigned int copy = seed & 1;

		ASSERT_TRUE(word_prepare(&w, seed, !copy));
		other = definite_write(&w);
		host_goto(&w, copy);
		token = definite_write(&w);
		ASSERT_TRUE(word_watch(&w, below(&w, 4), RESET_OF[copy]));
		host_goto(&w, copy);
		ASSERT_FALSE(definite_read(&w, other))
			TH_LOG("seed %llu", (unsigned long long)seed);
		ASSERT_TRUE(definite_read(&w, token));
	}
}

TEST(access_that_gets_through_absence)
{
	uint64_t seed, token;
	struct word w;

	for (seed = 0; seed < HISTORIES; seed++) {
		unsigned int copy = seed & 1;

		ASSERT_TRUE(word_prepare(&w, seed, copy));
		token = definite_write(&w);
		host_goto(&w, TIMELINE_ABSENT | copy);
		ASSERT_FALSE(definite_read(&w, token));
		ASSERT_FALSE(definite_read(&w, 0));
		/* A write that should have vanished, seen once the memory is back. */
		word_store(&w, ++w.last);
		cell_write(&w.c, &w.t, w.last, w.t.epoch, w.t.epoch);
		host_goto(&w, copy);
		ASSERT_FALSE(definite_read(&w, w.last))
			TH_LOG("seed %llu", (unsigned long long)seed);
	}
}

/* The old value, seen by a read that met only a later operation without any effect. */
TEST(stale_read_during_the_next_operation)
{
	uint64_t seed, token;
	struct word w;

	for (seed = 0; seed < HISTORIES; seed++) {
		unsigned int copy = seed & 1;

		ASSERT_TRUE(word_prepare(&w, seed, copy));
		token = definite_write(&w);
		host_goto(&w, copy | RESET_OF[copy]);
		host_begin(&w, copy);
		ASSERT_FALSE(definite_read(&w, token))
			TH_LOG("seed %llu", (unsigned long long)seed);
	}
}

TEST_HARNESS_MAIN
