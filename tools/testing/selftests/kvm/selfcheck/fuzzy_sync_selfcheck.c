// SPDX-License-Identifier: GPL-2.0-only
/* Aiming: sides without threads, whose times are known, and a planted window with them. */
#include <sched.h>
#include <time.h>
#include "kselftest_harness.h"
#include "planted_window.h"

#define RACES	20000

/* Sides of known durations, of which the second one starts @lag late. */
struct known {
	struct fuzzy_gate gate;
	struct fuzzy_sync f;
	int64_t t0, t1, lag;
	int64_t offset;		/* that really came about */
};

static void known_init(struct known *s, int64_t t0, int64_t t1, int64_t lag)
{
	memset(s, 0, sizeof(*s));
	fuzzy_sync_init(&s->f, &s->gate, 1);
	s->t0 = t0;
	s->t1 = t1;
	s->lag = lag;
}

static bool known_race(struct known *s)
{
	struct fuzzy_side *a = &s->gate.side[0], *b = &s->gate.side[1];
	const int64_t base = 1 << 30;	/* tickets are not negative */

	fuzzy_aim(&s->f, 0, 0);
	a->begin = base + a->delay;
	a->end = a->begin + s->t0;
	b->begin = base + b->delay + s->lag;
	b->end = b->begin + s->t1;
	a->cycles = s->t0;
	b->cycles = s->t1;
	s->offset = b->begin - a->begin;
	return fuzzy_learn(&s->f);
}

/* Races of which the sides overlap, of the last 1000 of @races. */
static unsigned int known_overlaps(struct known *s, unsigned int races)
{
	unsigned int i, n = 0;

	for (i = 0; i < races; i++)
		n += known_race(s) && i >= races - 1000;
	return n;
}

/* Only races that took no longer than usual teach, and that is up to the machine: very many. */
TEST(lag_is_learned)
{
	static const int64_t rows[][3] = {
		{ 1000, 1000, 0 }, { 1000, 1000, 5000 }, { 1000, 1000, -5000 },
		{ 50000, 400, 3000 }, { 400, 50000, 3000 }, { 300, 300, 20000 },
		{ 100000, 100000, -90000 }, { 20, 20, 500 },
	};
	unsigned int i, tries, overlaps;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct known s;

		known_init(&s, rows[i][0], rows[i][1], rows[i][2]);
		overlaps = 0;
		for (tries = 0; tries < 10 && overlaps <= 900; tries++)
			overlaps = known_overlaps(&s, 50000);
		EXPECT_LT(900, overlaps)
			TH_LOG("row %u: lag %lld, learned %lld", i, (long long)rows[i][2],
			       (long long)s.f.lag[FUZZY_MEET]);
	}
}

/* Waking takes another time than meeting; each has a lag of its own. */
TEST(both_starts_are_learned)
{
	struct known s;
	unsigned int i, n = 0;

	known_init(&s, 3000, 2000, 0);
	s.f.may_wake = true;
	for (i = 0; i < 20000; i++) {
		s.lag = s.f.start == FUZZY_WAKE ? 90000 : -1000;
		n += known_race(&s) && i >= 19000;
	}
	EXPECT_LT(800, n) TH_LOG("lags %lld and %lld", (long long)s.f.lag[FUZZY_MEET],
				 (long long)s.f.lag[FUZZY_WAKE]);
}

/* The start that never leads to an overlap is tried now and then only. */
TEST(start_that_pays_is_preferred)
{
	unsigned int start, i, used[FUZZY_STARTS];

	for (start = 0; start < FUZZY_STARTS; start++) {
		struct known s;

		memset(used, 0, sizeof(used));
		known_init(&s, 1000, 1000, 0);
		s.f.may_wake = true;
		for (i = 0; i < 4000; i++) {
			s.lag = 0;
			if (s.f.start != start)
				s.lag = prng_below(&s.f.prng, 2) ? 1 << 20 : -(1 << 20);
			used[s.f.start]++;
			known_race(&s);
		}
		EXPECT_LT(2 * used[!start], used[start]);
		EXPECT_NE(0, used[!start]);
	}
}

/* Every point of one side meets every point of the other about as often as any other. */
TEST(offsets_are_even)
{
	unsigned int bins[10] = { 0 }, i;
	struct known s;

	known_init(&s, 30000, 10000, 7000);
	known_overlaps(&s, 2000);
	for (i = 0; i < RACES; i++) {
		int64_t at;

		known_race(&s);
		at = (s.offset + s.t1) * 10 / (s.t0 + s.t1);
		if (at >= 0 && at < 10)
			bins[at]++;
	}
	for (i = 0; i < 10; i++) {
		EXPECT_LT(RACES / 20, bins[i]) TH_LOG("bin %u", i);
		EXPECT_GT(RACES * 3 / 20, bins[i]) TH_LOG("bin %u", i);
	}
}

/* One side was preempted now and then: that is no measure of it. */
TEST(outliers_do_not_matter)
{
	struct known s;
	unsigned int i;

	known_init(&s, 1000, 1000, 300);
	for (i = 0; i < 5000; i++) {
		s.t0 = i % 50 ? 1000 : 10000000;
		known_race(&s);
	}
	s.t0 = 1000;
	EXPECT_LT(800, known_overlaps(&s, 1000));
	EXPECT_GT(3000, s.f.duration[0]);
}

/* The counter of a vCPU was set back now and then while it was read twice. */
TEST(clock_that_goes_back)
{
	struct known s;
	unsigned int i;

	known_init(&s, 1000, 1000, 300);
	for (i = 0; i < 5000; i++) {
		known_race(&s);
		s.gate.side[0].cycles = -1000000000ull;
		if (i % 5 == 0)
			fuzzy_learn(&s.f);
		ASSERT_LE(0, s.f.duration[0]);
	}
	EXPECT_LT(800, known_overlaps(&s, 1000));
}

TEST(overlap_is_judged_by_tickets)
{
	struct fuzzy_gate g = { .side = { { .begin = 1, .end = 3 }, { .begin = 2, .end = 4 } } };

	EXPECT_TRUE(fuzzy_overlap(&g));
	g.side[1] = (struct fuzzy_side){ .begin = 4, .end = 5 };
	EXPECT_FALSE(fuzzy_overlap(&g));
	g.side[0] = (struct fuzzy_side){ .begin = 6, .end = 7 };
	EXPECT_FALSE(fuzzy_overlap(&g));
	g.side[0] = (struct fuzzy_side){ .begin = 3, .end = 7 };
	EXPECT_TRUE(fuzzy_overlap(&g));
}

FIXTURE(planted)
{
	struct planted p;
	struct fuzzy_sync f;
	pthread_t thread;
};

FIXTURE_SETUP(planted)
{
	memset(&self->p, 0, sizeof(self->p));
	fuzzy_sync_init(&self->f, &self->p.gate, 1);
	ASSERT_EQ(0, pthread_create(&self->thread, NULL, planted_thread, &self->p));
}

FIXTURE_TEARDOWN(planted)
{
	fuzzy_close(&self->f);
	pthread_join(self->thread, NULL);
}

/* The window is 1 % of A: among so many overlaps missing it in all is as good as impossible. */
#define ENOUGH	10000

/* On a crowded machine the sides hardly ever run side by side, and nothing can be said. */
TEST_F(planted, window_is_found)
{
	time_t end = time(NULL) + 20;

	while (!self->p.hits && self->f.overlaps < ENOUGH && time(NULL) < end)
		planted_race(&self->p, &self->f);
	if (!self->p.hits && self->f.overlaps < ENOUGH)
		SKIP(return, "not exercised: %llu races, %llu overlaps",
		     (unsigned long long)self->f.races, (unsigned long long)self->f.overlaps);
	EXPECT_NE(0, self->p.hits);
	TH_LOG("found after %llu races, %llu of which overlapped",
	       (unsigned long long)self->f.races, (unsigned long long)self->f.overlaps);
}

TEST_F(planted, turns_without_a_race)
{
	unsigned int i;

	for (i = 0; i < 100; i++) {
		fuzzy_alone(&self->f, 1, i);
		ASSERT_TRUE(fuzzy_await(&self->f, 1));
		EXPECT_EQ(i, self->p.gate.side[1].command);
		planted_race(&self->p, &self->f);
	}
	EXPECT_EQ(100, self->f.races);
}

/* Nobody runs beside the other, still nobody waits for ever; there is just nothing to see. */
TEST_F(planted, one_cpu)
{
	cpu_set_t one, before;
	unsigned int i;

	ASSERT_EQ(0, sched_getaffinity(0, sizeof(before), &before));
	CPU_ZERO(&one);
	for (i = 0; !CPU_ISSET(i, &before); i++)
		;
	CPU_SET(i, &one);
	ASSERT_EQ(0, pthread_setaffinity_np(self->thread, sizeof(one), &one));
	ASSERT_EQ(0, sched_setaffinity(0, sizeof(one), &one));
	for (i = 0; i < 200; i++)
		planted_race(&self->p, &self->f);
	EXPECT_EQ(200, self->f.races);
	EXPECT_EQ(0, sched_setaffinity(0, sizeof(before), &before));
}

/* A side that waits for its turn or for the other leaves when the gate closes. */
TEST_F(planted, closed_gate)
{
	fuzzy_aim(&self->f, 0, 0);
	fuzzy_close(&self->f);
	EXPECT_EQ(0, fuzzy_wait(&self->p.gate, 0, self->f.turn, fuzzy_yield));
}

TEST_HARNESS_MAIN
