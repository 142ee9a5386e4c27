// SPDX-License-Identifier: GPL-2.0-only
/*
 * The checker against an exhaustive search, on small random histories of which some reads
 * were changed: it must never flag what the search can explain, and misses only what
 * checker.h says that it misses.  CHECKER_HISTORIES=N in the environment asks for more.
 */
#include <stdlib.h>
#include "kselftest_harness.h"
#include "small_history.h"

#define HISTORIES	150000

/* What makes the checker weaker than the search: missed only for these reasons. */
enum reason { EXACT, ZERO, CONVERSIONS, DUPLICATES, UNDEFINED, REASONS };

static const char *const REASON_NAME[REASONS] = {
	"one copy, no reset, unique values", "resets: zero has several sources",
	"conversions judged for each access alone", "a value written twice",
	"undefined contents",
};

struct tally {
	uint64_t legal, found, missed, wrong, too_big, unproven;
};

static enum reason shape_reason(const struct sim_shape *shape)
{
	if (shape->undefined[0] || shape->undefined[1])
		return UNDEFINED;
	if (shape->sequence)
		return DUPLICATES;
	if (shape->converts && (shape->split || shape->sides))
		return CONVERSIONS;
	/* Split, each copy has its own zero to start with, which is reason enough. */
	return shape->resets || shape->split ? ZERO : EXACT;
}

/* Another value that the word had or could have had. */
static uint64_t other_value(struct prng *prng, const struct small *h, const struct event *e)
{
	unsigned int tries, i;

	if (!prng_below(prng, 20))
		return 0xdead;
	for (tries = 0; tries < 8; tries++) {
		i = prng_below(prng, h->count + 1);
		if (i == h->count)
			return 0;
		if (h->event[i].kind == EVENT_WRITE && h->event[i].page == e->page &&
		    h->event[i].word == e->word)
			return h->event[i].value;
	}
	return 0;
}

static void reads_change(struct prng *prng, struct small *h, unsigned int changes)
{
	while (changes-- && h->count) {
		struct event *e = &h->event[prng_below(prng, h->count)];

		if (e->kind == EVENT_READ)
			e->value = other_value(prng, h, e);
	}
}

static void small_judge(struct prng *prng, struct tally *tally)
{
	static struct small h;
	struct sim_shape shape = small_shape(prng);
	enum reference_answer answer;

	small_make(&h, prng, &shape, 1 + prng_below(prng, SMALL_WINDOWS), FAULT_NONE);
	reads_change(prng, &h, prng_below(prng, 4));
	small_check(&h);
	answer = small_search(&h);
	tally += shape_reason(&shape);
	if (answer == REFERENCE_TOO_BIG)
		tally->too_big++;
	else if (answer == REFERENCE_LEGAL)
		*(h.found ? &tally->wrong : &tally->legal) += 1;
	else
		*(h.found ? &tally->found : &tally->missed) += 1;
	if (h.found && small_prove(&h) == REFERENCE_LEGAL) {
		tally->unproven++;
		puts("# what the witness shows is legal");
		small_show(&h);
	}
	if ((answer == REFERENCE_LEGAL && h.found) ||
	    (answer == REFERENCE_IMPOSSIBLE && !h.found &&
	     (shape_reason(&shape) == EXACT || getenv("CHECKER_MISSED")))) {
		printf("# search says %d\n", answer);
		small_show(&h);
	}
}

/* More than the default takes longer than the harness waits. */
FIXTURE(checker) { };
FIXTURE_SETUP(checker) { }
FIXTURE_TEARDOWN(checker) { }

static uint64_t histories(void)
{
	const char *text = getenv("CHECKER_HISTORIES");

	return text ? strtoull(text, NULL, 0) : HISTORIES;
}

TEST_F_TIMEOUT(checker, checker_and_search_agree, 3600)
{
	struct tally tally[REASONS] = { 0 };
	uint64_t seed, judged = 0;
	unsigned int i;

	for (seed = 0; seed < histories(); seed++) {
		struct prng prng = { seed };

		small_judge(&prng, tally);
	}
	for (i = 0; i < REASONS; i++) {
		const struct tally *t = &tally[i];

		TH_LOG("%s: %llu legal, %llu impossible and flagged, %llu impossible but missed, %llu too big for the search",
		       REASON_NAME[i], (unsigned long long)t->legal, (unsigned long long)t->found,
		       (unsigned long long)t->missed, (unsigned long long)t->too_big);
		EXPECT_EQ(t->wrong, 0);
		EXPECT_EQ(t->unproven, 0);
		/* Weaker, not blind. */
		EXPECT_LE(t->missed * 20, t->found);
		judged += t->legal + t->found + t->missed;
	}
	EXPECT_EQ(tally[EXACT].missed, 0);
	EXPECT_GE(judged, histories() * 3 / 4);
}

TEST_HARNESS_MAIN
