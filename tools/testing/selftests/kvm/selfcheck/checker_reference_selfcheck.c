// SPDX-License-Identifier: GPL-2.0-only
/*
 * The checker against an exhaustive search, on small random histories of which some reads
 * were changed: it must never flag what the search can explain, and misses only what
 * checker.h says that it misses.  CHECKER_HISTORIES=N in the environment asks for more.
 */
#include <stdlib.h>
#include <string.h>
#include "checker_reference.h"
#include "history_sim.h"
#include "kselftest_harness.h"
#include "oracle/history_text.h"

#define HISTORIES	150000
#define WINDOW		10
#define EVENTS_MAX	64

/* What makes the checker weaker than the search: missed only for these reasons. */
enum reason { EXACT, ZERO, CONVERSIONS, DUPLICATES, UNDEFINED, REASONS };

static const char *const REASON_NAME[REASONS] = {
	"one copy, no reset, unique values", "resets: zero has several sources",
	"conversions judged for each access alone", "a value written twice",
	"undefined contents",
};

struct tally {
	uint64_t legal, found, missed, wrong, too_big;
};

struct small {
	struct sim sim;
	struct event event[EVENTS_MAX];
	unsigned int count;
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

static void log_change(struct prng *prng, const struct small *h, struct history_log *log,
		       unsigned int changes)
{
	while (changes-- && log->count) {
		struct event *e = &log->events[prng_below(prng, log->count)];

		if (e->kind == EVENT_READ)
			e->value = other_value(prng, h, e);
	}
}

static void logs_collect(struct small *h, unsigned int from)
{
	unsigned int a, i;

	h->count = from;
	for (a = 0; a < h->sim.shape.actors; a++)
		for (i = 0; i < h->sim.log[a]->count && h->count < EVENTS_MAX; i++)
			h->event[h->count++] = h->sim.log[a]->events[i];
}

/* Number of anomalies that the checker sees; the events are in @h afterwards. */
static int checker_says(struct prng *prng, struct small *h, const struct sim_shape *shape)
{
	unsigned int windows = 1 + prng_below(prng, 2), changes = prng_below(prng, 3), from, a;
	struct checker_config config;
	struct checker *c;
	int found = 0;

	sim_init(&h->sim, shape, prng_next(prng), 4 * WINDOW + 64);
	config = sim_config(&h->sim);
	c = checker_create(&config);
	for (h->count = from = 0; windows--; from = h->count) {
		sim_window(&h->sim, 4 + prng_below(prng, WINDOW));
		logs_collect(h, from);
		a = prng_below(prng, shape->actors);
		log_change(prng, h, h->sim.log[a], changes);
		logs_collect(h, from);
		for (a = 0; a < shape->actors; a++)
			if (!checker_add_log(c, h->sim.log[a]))
				abort();
		found += checker_run(c);
	}
	checker_destroy(c);
	return found;
}

static void history_show(const struct small *h, const struct checker_config *config)
{
	unsigned int i;

	history_print_head(stdout, config);
	for (i = 0; i < h->count; i++)
		if (!(h->event[i].flags & EVENT_ATOMIC) || h->event[i].kind == EVENT_READ)
			history_print_event(stdout, &h->event[i], config->vm);
}

static void small_judge(struct prng *prng, struct tally *tally, bool show)
{
	static struct small h;
	struct sim_shape shape = sim_shape_random(prng);
	struct checker_config config;
	enum reference_answer answer;
	int found;

	shape.pages = 1;
	shape.words = 1 + prng_below(prng, 2);
	if (shape.actors > 4)
		shape.actors = 4;
	found = checker_says(prng, &h, &shape);
	config = sim_config(&h.sim);
	answer = reference_judge(&config, h.event, h.count);
	tally += shape_reason(&shape);
	if (answer == REFERENCE_TOO_BIG || h.count == EVENTS_MAX)
		tally->too_big++;
	else if (answer == REFERENCE_LEGAL)
		*(found ? &tally->wrong : &tally->legal) += 1;
	else
		*(found ? &tally->found : &tally->missed) += 1;
	if (show || (answer == REFERENCE_LEGAL && found) ||
	    (answer == REFERENCE_IMPOSSIBLE && !found && shape_reason(&shape) == EXACT)) {
		printf("# found %d, search says %d\n", found, answer);
		history_show(&h, &config);
	}
	sim_free(&h.sim);
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

		small_judge(&prng, tally, false);
	}
	for (i = 0; i < REASONS; i++) {
		const struct tally *t = &tally[i];

		TH_LOG("%s: %llu legal, %llu impossible and flagged, %llu impossible but missed, %llu too big for the search",
		       REASON_NAME[i], (unsigned long long)t->legal, (unsigned long long)t->found,
		       (unsigned long long)t->missed, (unsigned long long)t->too_big);
		EXPECT_EQ(t->wrong, 0);
		/* Weaker, not blind. */
		EXPECT_LE(t->missed * 20, t->found);
		judged += t->legal + t->found + t->missed;
	}
	EXPECT_EQ(tally[EXACT].missed, 0);
	EXPECT_GE(judged, histories() * 3 / 4);
}

TEST_HARNESS_MAIN
