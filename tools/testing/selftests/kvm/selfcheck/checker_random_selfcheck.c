// SPDX-License-Identifier: GPL-2.0-only
/*
 * The checker on long random histories: those of memory that behaves are never flagged;
 * with one read changed to what nothing explains, always, and that read is in the witness.
 * CHECKER_EVENTS=N in the environment asks for more than a million.
 */
#include <stdlib.h>
#include "history_past.h"
#include "history_sim.h"
#include "kselftest_harness.h"
#include "witness_proof.h"

#define EVENTS		1000000
#define WINDOWS		4
#define WINDOW_MAX	1500

/* More than the default takes longer than the harness waits. */
FIXTURE(checker) { };
FIXTURE_SETUP(checker) { }
FIXTURE_TEARDOWN(checker) { }

static uint64_t events_wanted(void)
{
	const char *text = getenv("CHECKER_EVENTS");

	return text ? strtoull(text, NULL, 0) : EVENTS;
}

/* Short histories find other things than long ones. */
static uint32_t window_size(struct prng *prng)
{
	static const uint32_t sizes[] = { 10, 40, 200, WINDOW_MAX };

	return 1 + prng_below(prng, sizes[prng_below(prng, 4)]);
}

static int window_judge(struct checker *c, const struct sim *s)
{
	unsigned int a;

	for (a = 0; a < s->shape.actors; a++)
		if (!checker_add_log(c, s->log[a])) {
			fprintf(stderr, "%s\n", checker_error(c));
			abort();
		}
	return checker_run(c);
}

static void anomaly_show(uint64_t seed, const struct checker *c)
{
	char text[ANOMALY_TEXT];

	anomaly_describe(checker_anomaly(c, 0), text, sizeof(text));
	fprintf(stderr, "seed %llu: %s\n", (unsigned long long)seed, text);
}

TEST_F_TIMEOUT(checker, memory_that_behaves, 3600)
{
	uint64_t seed, events = 0, reads = 0, undecided = 0, unjudged = 0;
	static struct sim sim;
	unsigned int window;

	for (seed = 0; events < events_wanted(); seed++) {
		struct prng prng = { seed };
		struct sim_shape shape = sim_shape_random(&prng);
		struct checker_config config;
		struct checker *c;

		sim_init(&sim, &shape, seed, 2 * (WINDOW_MAX + SIM_ACTORS));
		config = sim_config(&sim);
		c = checker_create(&config);
		for (window = 0; window < WINDOWS; window++) {
			sim_window(&sim, window_size(&prng));
			if (!window_judge(c, &sim))
				continue;
			anomaly_show(seed, c);
			ASSERT_TRUE(false);
		}
		events += checker_stats(c).events;
		reads += checker_stats(c).reads;
		undecided += checker_stats(c).undecided;
		unjudged += checker_stats(c).unjudged;
		checker_destroy(c);
		sim_free(&sim);
	}
	TH_LOG("%llu events, %llu reads, %llu accesses that may have met either copy, %llu words not judged, %llu seeds",
	       (unsigned long long)events, (unsigned long long)reads,
	       (unsigned long long)undecided, (unsigned long long)unjudged,
	       (unsigned long long)seed);
	EXPECT_LT(unjudged, events / 10000);
}

enum planted { GARBAGE, FOREIGN, MISPLACED, FORGED, ZERO, OLD, PLANTED };

static const char *const PLANTED_NAME[PLANTED] = {
	"no token", "another VM's", "another place's", "never written", "zero", "an old token"
};

static uint64_t faulty_value(struct prng *prng, const struct past *p, const struct event *r,
			     enum planted fault)
{
	const uint64_t token = token_make(3, 0, 1, r->page, r->word);
	unsigned int i, tries;

	switch (fault) {
	case GARBAGE:
		return 0xdead0000 + prng_below(prng, 1000);
	case FOREIGN:
		return token + (1ull << 56);
	case MISPLACED:
		return token ^ (prng_below(prng, 2) ? 1ull : 1ull << 9);
	case FORGED:
		return token_make(3, 0, TOKEN_SEQ_MASK / 2, r->page, r->word);
	case OLD:
		for (tries = 0; tries < 200; tries++) {
			i = prng_below(prng, p->count);
			if (p->event[i].kind == EVENT_WRITE && p->event[i].page == r->page &&
			    p->event[i].word == r->word && p->event[i].begin < r->begin)
				return p->event[i].value;
		}
		return 0;
	default:
		return 0;
	}
}

/* A read of window @window in @log changed so that nothing explains it; NULL: none found. */
static struct event *fault_plant(struct prng *prng, const struct past *p, struct sim *s,
				 enum planted fault)
{
	unsigned int tries;

	for (tries = 0; tries < 20; tries++) {
		struct history_log *log = s->log[prng_below(prng, s->shape.actors)];
		struct event *e = log->count ? &log->events[prng_below(prng, log->count)] : NULL;
		uint64_t value;

		if (!e || e->kind != EVENT_READ)
			continue;
		value = faulty_value(prng, p, e, fault);
		if (value == e->value || past_explains(p, e, value))
			continue;
		e->value = value;
		return e;
	}
	return NULL;
}

static bool is_fault(const struct anomaly *a, const struct event *e)
{
	unsigned int i;

	for (i = 0; i < a->count; i++)
		if (a->witness[i].role == WITNESS_READ)
			return a->witness[i].event.begin == e->begin;
	return false;
}

/*
 * Where it is an old value, or zero, another read may have become the one that cannot be
 * explained: with zero seldom, it then has to be in the proof.
 */
static bool class_fits(enum planted fault, const struct event *e, const struct anomaly *a,
		       uint64_t *elsewhere)
{
	const enum verdict_class cls = a->cls;

	switch (fault) {
	case FOREIGN:
		return cls == VERDICT_LEAK;
	case MISPLACED:
		return cls == VERDICT_WRONG_PAGE;
	case GARBAGE:
	case FORGED:
		return cls == VERDICT_NOT_SCRUBBED;
	default:
		if (e->value || cls == VERDICT_LOST_DATA || cls == VERDICT_LOST_WRITE)
			return true;
		*elsewhere += 1;
		return !is_fault(a, e);
	}
}

static bool witness_has(const struct anomaly *a, const struct event *e)
{
	unsigned int i;

	for (i = 0; i < a->count; i++)
		if (a->witness[i].event.begin == e->begin && a->witness[i].event.kind == e->kind)
			return true;
	return false;
}

/* Of a first window: later ones have too much behind them for the search. */
static bool witness_fails(struct past *p, const struct event *planted,
			  const struct checker_config *config, const struct anomaly *a,
			  unsigned int window)
{
	unsigned int i;

	for (i = 0; i < p->count; i++)
		if (p->event[i].begin == planted->begin && p->event[i].kind == EVENT_READ)
			p->event[i].value = planted->value;
	return !window && witness_prove(config, p->event, p->count, 0, a) == REFERENCE_LEGAL;
}

/* What is allowed, but has to stay rare. */
struct seldom {
	uint64_t unjudged;	/* the word had too much at once, and is counted as that */
	uint64_t elsewhere;	/* zero was planted, another read cannot be explained */
};

/* Returns 1 if a fault was planted and found, 0 if none fitted, or was not judged, -1 if missed. */
static int plant_and_judge(uint64_t seed, enum planted fault, struct seldom *seldom)
{
	unsigned int window, last;
	struct prng prng = { seed };
	struct sim_shape shape = sim_shape_random(&prng);
	struct checker_config config;
	const struct anomaly *a;
	static struct past past;
	static struct sim sim;
	struct event *e = NULL;
	struct checker *c;
	int result = 0;

	past.count = 0;
	past.sim = &sim;
	sim_init(&sim, &shape, seed, 2 * (WINDOW_MAX + SIM_ACTORS));
	config = sim_config(&sim);
	c = checker_create(&config);
	last = prng_below(&prng, WINDOWS);
	for (window = 0; window <= last; window++) {
		sim_window(&sim, 1 + prng_below(&prng, 150));
		past_add(&past, &sim);
		if (window == last)
			e = fault_plant(&prng, &past, &sim, fault);
		if (!e && window == last)
			break;
		result = window_judge(c, &sim);
	}
	a = e ? checker_anomaly(c, 0) : NULL;
	if (e && !result && checker_stats(c).unjudged)
		seldom->unjudged++;
	else if (e && !(result == 1 && witness_has(a, e) &&
		   class_fits(fault, e, a, &seldom->elsewhere) &&
		   !witness_fails(&past, e, &config, a, last))) {
		fprintf(stderr, "%s: read %llu..%llu, %d anomalies\n", PLANTED_NAME[fault],
			(unsigned long long)e->begin, (unsigned long long)e->end, result);
		if (a)
			anomaly_show(seed, c);
		result = -1;
	}
	checker_destroy(c);
	sim_free(&sim);
	return result;
}

TEST_F_TIMEOUT(checker, one_fault_is_found, 3600)
{
	uint64_t seed, seeds = events_wanted() / 1000 * 6, found[PLANTED] = { 0 };
	struct seldom seldom = { 0 };
	unsigned int fault;

	for (seed = 0; seed < seeds; seed++) {
		int result;

		fault = seed % PLANTED;
		result = plant_and_judge(seed, fault, &seldom);
		ASSERT_GE(result, 0)
			TH_LOG("seed %llu", (unsigned long long)seed);
		found[fault] += result;
	}
	TH_LOG("%llu of %llu not judged, %llu with another read called impossible",
	       (unsigned long long)seldom.unjudged, (unsigned long long)seeds,
	       (unsigned long long)seldom.elsewhere);
	/* None of the default 6000. */
	EXPECT_LE(seldom.unjudged, seeds / 20000);
	EXPECT_LE(seldom.elsewhere, seeds / 20000);
	for (fault = 0; fault < PLANTED; fault++) {
		TH_LOG("%s: planted and found %llu times", PLANTED_NAME[fault],
		       (unsigned long long)found[fault]);
		EXPECT_GT(found[fault], seeds / PLANTED / 4);
	}
}

TEST_HARNESS_MAIN
