// SPDX-License-Identifier: GPL-2.0-only
/* Values and what is said about them: token, prng, primer pattern, diagnosis. */
#include "abi/cell.h"
#include "abi/plan_abi.h"
#include "abi/prng.h"
#include "abi/token.h"
#include "harness/diagnose.h"
#include "harness/primer.h"
#include "kselftest_harness.h"

TEST(token_fields_come_back)
{
	uint64_t t = token_make(5, 0xf3, 0xabcde, 0x7fffe, 511);

	EXPECT_TRUE(token_valid(t));
	EXPECT_EQ(5, token_vm(t));
	EXPECT_EQ(0xf3, token_actor(t));
	EXPECT_EQ(0xabcde, token_seq(t));
	EXPECT_EQ(0x7fffe, token_page(t));
	EXPECT_EQ(511, token_word(t));
}

/* A field that overflows must not spill into its neighbours. */
TEST(token_fields_wrap)
{
	uint64_t t = token_make(0x15, 0x102, TOKEN_SEQ_MASK + 3, TOKEN_PAGE_MASK + 4ull, 512 + 5);

	EXPECT_TRUE(token_valid(t));
	EXPECT_EQ(5, token_vm(t));
	EXPECT_EQ(2, token_actor(t));
	EXPECT_EQ(2, token_seq(t));
	EXPECT_EQ(3, token_page(t));
	EXPECT_EQ(5, token_word(t));
}

TEST(token_at_moves_the_place_only)
{
	uint64_t base = token_make(1, TOKEN_ACTOR_FILL, 9, 0, 0);

	EXPECT_EQ(token_make(1, TOKEN_ACTOR_FILL, 9, 1000, 511), token_at(base, 1000, 511));
}

/* Both ends of a page, whatever its size; code has its words side by side. */
TEST(token_offset_reaches_both_ends)
{
	uint64_t size;
	unsigned int word;

	for (word = 0; word < TOKEN_WORDS; word++)
		EXPECT_EQ(8 * word, token_offset(TOKEN_PAGE_SIZE, word));
	for (size = TOKEN_PAGE_SIZE; size <= 65536; size *= 4) {
		EXPECT_EQ(0, token_offset(size, 0));
		EXPECT_EQ(size - 8, token_offset(size, TOKEN_WORDS - 1));
		for (word = 1; word < TOKEN_WORDS; word++)
			EXPECT_LT(token_offset(size, word - 1), token_offset(size, word));
		for (word = 1; word < PLAN_CODE_WORDS; word++)
			EXPECT_EQ(token_offset(size, PLAN_CODE_WORD) + 8 * word,
				  token_offset(size, PLAN_CODE_WORD + word));
	}
}

TEST(token_is_no_special_value)
{
	EXPECT_FALSE(token_valid(0));
	EXPECT_FALSE(token_valid(~0ull));
	EXPECT_FALSE(token_valid(0xb000000000000000ull));
	EXPECT_FALSE(primer_is(token_make(0, 0, 0, 0, 0)));
	EXPECT_NE(WATCH_ABSENT, token_make(0xb, 0x5e, 0, 0, 0));
}

/* First outputs of splitmix64 as published: other versions of a plan must mean the same. */
TEST(prng_known_sequence)
{
	struct prng p = { 1234567 };

	EXPECT_EQ(6457827717110365317ull, prng_next(&p));
	EXPECT_EQ(3203168211198807973ull, prng_next(&p));
	EXPECT_EQ(9817491932198370423ull, prng_next(&p));
	EXPECT_EQ(4593380528125082431ull, prng_next(&p));
}

TEST(prng_below_reaches_all_and_no_more)
{
	unsigned int count[7] = { 0 }, i;
	struct prng p = { 1 };

	for (i = 0; i < 7000; i++) {
		uint32_t v = prng_below(&p, 7);

		ASSERT_LT(v, 7);
		count[v]++;
	}
	for (i = 0; i < 7; i++) {
		EXPECT_GT(count[i], 800);
		EXPECT_LT(count[i], 1200);
	}
	EXPECT_EQ(0, prng_below(&p, 1));
}

TEST(primer_pattern)
{
	EXPECT_TRUE(primer_is(0x5afe0000c0de0000ull));
	EXPECT_TRUE(primer_is(0x5afe0000c0de01ffull));
	EXPECT_FALSE(primer_is(0));
	EXPECT_FALSE(primer_is(0x5afe0000c0dd0000ull));
	EXPECT_FALSE(primer_is(0x5aff0000c0de0000ull));
}

TEST(diagnose_classes)
{
	const uint64_t here = token_make(1, 0, 7, 3, 511), old = token_make(1, 0, 6, 3, 511);
	static const struct {
		enum verdict_class cls;
		uint64_t found, expected;
	} *row, rows[] = {
		{ VERDICT_LOST_DATA, 0, 1 },
		{ VERDICT_PERMISSION, WATCH_ABSENT, 0 },
		{ VERDICT_STALE_MAPPING, 1, WATCH_ABSENT },
		{ VERDICT_NOT_SCRUBBED, 0xdead, 0 },
		{ VERDICT_NOT_SCRUBBED, 0x5afe0000c0de0001ull, 0 },
	};

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++)
		EXPECT_EQ(row->cls, diagnose_class(row->found, row->expected, 1, 3, 511))
			TH_LOG("found %#llx", (unsigned long long)row->found);
	EXPECT_EQ(VERDICT_STALE_MAPPING, diagnose_class(here, 0, 1, 3, 511));
	EXPECT_EQ(VERDICT_STALE_MAPPING, diagnose_class(old, here, 1, 3, 511));
	EXPECT_EQ(VERDICT_LEAK, diagnose_class(here, 0, 2, 3, 511));
	EXPECT_EQ(VERDICT_WRONG_PAGE, diagnose_class(here, 0, 1, 4, 511));
	EXPECT_EQ(VERDICT_WRONG_PAGE, diagnose_class(here, 0, 1, 3, 510));
	/* VM and page numbers wrap in a token; the comparison has to as well. */
	EXPECT_EQ(VERDICT_STALE_MAPPING, diagnose_class(here, 0, 17, 3, 511));
	EXPECT_EQ(VERDICT_STALE_MAPPING, diagnose_class(here, 0, 1, TOKEN_PAGE_MASK + 4ull, 511));
}

TEST(diagnose_words)
{
	static const struct {
		uint64_t value;
		const char *text;
	} *row, rows[] = {
		{ 0, "zero" },
		{ WATCH_ABSENT, "no memory (MMIO)" },
		{ 0x5afe0000c0de0001ull, "0x5afe0000c0de0001 (pattern of free memory)" },
		{ 0xdead, "0xdead (no token)" },
		{ 0xa1000000110007ffull,
		  "0xa1000000110007ff (VM 1, vCPU 0, write 1, page 32771, word 511)" },
		{ 0xa1fe000010000601ull, "0xa1fe000010000601 (VM 1, fill, write 1, page 3, word 1)" },
		{ 0xa182000010000601ull,
		  "0xa182000010000601 (VM 1, host thread 2, write 1, page 3, word 1)" },
	};
	char text[120];

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++) {
		diagnose_value(row->value, text, sizeof(text));
		EXPECT_STREQ(row->text, text);
	}
}

TEST_HARNESS_MAIN
