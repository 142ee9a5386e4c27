// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every pair of operations that KVM allows at the same time, made to collide: aimed, checked,
 * and proven to have happened.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "abi/array.h"
#include "harness/clock.h"
#include "harness/known_issues.h"
#include "harness/runner.h"
#include "machine/attributes.h"
#include "race/race.h"

/* Of private memory first: that is where the most can go wrong. */
static const enum memory_kind kinds[] = {
	MEMORY_SPLIT, MEMORY_INPLACE, MEMORY_SEALED, MEMORY_SHARED, MEMORY_ANON
};

#define PAIRS_MAX	2048

static uint64_t widen;	/* enum race_widen_how */
static uint64_t bench;

static struct subtest subtests[PAIRS_MAX];
static struct race_config configs[PAIRS_MAX];
static double mean_weight;

/*
 * Without --duration, seconds: for a pair in the mean, at least, and for creating its VM; of the
 * whole program, of the 120 that kselftest gives one, and its last; behind the schedule at most.
 */
#define MEAN		0.045
#define LEAST		0.004
#define OVERHEAD	0.085
#define QUICK		100.0
#define END		112.0
#define PATIENCE	8.0

static uint64_t started;	/* clock_ns() */
static unsigned int pairs_count;

static unsigned int weight(const struct race_config *c)
{
	return race_pair_weight(c->side[0], c->side[1], c->kind);
}

/* Seconds after which the pair is due to begin, if all before it have run. */
static double schedule(const struct run *run)
{
	double cost = 0;
	unsigned int i;

	for (i = 0; subtests[i].arg != run->arg; i++)
		cost += OVERHEAD + MEAN * weight(subtests[i].arg) / mean_weight;
	return QUICK * cost / (pairs_count * (OVERHEAD + MEAN));
}

/*
 * What the pair gets.  Without --duration the program ends within kselftest's time for one, on a
 * busy machine, too: who can show most comes first, and when time runs short the others get less.
 */
static double pair_seconds(const struct run *run, const struct race_config *config)
{
	const double share = bench ? 1 : weight(config) / mean_weight;
	const double now = (clock_ns() - started) / 1e9;
	double late, due;

	if (run->duration)
		return run->duration * share;
	if (now > END)
		verdict_skip("the time for a quick run, %.0f s, is up; --duration %.3f runs all pairs",
			     END, MEAN);
	late = now - schedule(run);
	due = MEAN * share * (late < 0 ? 1 : 1 - late / PATIENCE);
	return due < LEAST ? LEAST : due;
}

static struct race_result race_pair(const struct run *run, bool naive)
{
	struct race_config config = *(const struct race_config *)run->arg;

	config.seed = run->seed;
	config.duration = pair_seconds(run, &config);
	config.naive = naive;
	config.widen = widen;
	return race_run(&config);
}

/* Seconds without a round after which a pair that is known to get stuck is. */
#define STUCK	10.0

/* How much the aim is worth: a pair that is told to begin as tests usually do it, and aimed. */
static void bench_pair(const struct run *run)
{
	struct race_result naive = race_pair(run, true), aimed = race_pair(run, false);
	double before = naive.overlaps / naive.seconds, now = aimed.overlaps / aimed.seconds;

	verdict_note("%s: naive %.0f attempts/s, %.1f overlaps/s; aimed %.0f attempts/s, %.1f overlaps/s, %.1f times as many",
		     run->id, naive.races / naive.seconds, before, aimed.races / aimed.seconds,
		     now, before ? now / before : 0.0);
	verdict_exercised(aimed.races, aimed.overlaps);
}

static void run_pair(const struct run *run)
{
	const struct race_config *c = run->arg;
	struct race_result r;

	if (bench) {
		bench_pair(run);
		return;
	}
	if (race_known_issue(c->side[0], c->side[1], c->kind) == &known_pre_fault_hang)
		verdict_patience(STUCK);
	r = race_pair(run, false);
	verdict_note("%s: %llu races, %llu overlapped in %.0f ms; %lld and %lld cycles", run->id,
		     (unsigned long long)r.races, (unsigned long long)r.overlaps, 1e3 * r.seconds,
		     (long long)r.cycles[0], (long long)r.cycles[1]);
	verdict_exercised(r.races, r.overlaps);
}

static const char *format(const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	va_end(args);
	return text;
}

static void add_pair(struct program *p, const struct race_side *a, const struct race_side *b,
		     enum memory_kind kind)
{
	struct race_config *config = &configs[p->count];

	*config = (struct race_config){ .side = { a, b }, .kind = kind };
	subtests[p->count++] = (struct subtest){
		.id = format("race/%s/%s+%s", memory_kind_word(kind), a->name, b->name),
		.claim = format("%s while %s", a->what, b->what),
		.run = run_pair,
		.arg = config,
		.known = race_known_issue(a, b, kind),
		.fixed = race_fixed(a, b),
	};
}

/*
 * Kind by kind, private memory first as most of the code is behind it: what shows most, and soon;
 * what takes longer.  Then the rest, what can show more first.
 */
static int by_turn(const void *one, const void *other)
{
	const struct race_config *a = ((const struct subtest *)one)->arg;
	const struct race_config *b = ((const struct subtest *)other)->arg;
	const unsigned int first = weight(a), second = weight(b);
	const int table = (a > b) - (a < b);

	if ((first < RACE_WEIGHT_SOON) != (second < RACE_WEIGHT_SOON))
		return first < second ? 1 : -1;
	if (first >= RACE_WEIGHT_SOON && a->kind != b->kind)
		return table;
	if ((first == RACE_WEIGHT_SOON) != (second == RACE_WEIGHT_SOON))
		return first == RACE_WEIGHT_SOON ? -1 : 1;
	return first == second ? table : first < second ? 1 : -1;
}

/* --duration is what a pair gets in the mean; who can show more gets more of it, and sooner. */
static void add_pairs(struct program *p)
{
	const struct race_side *a, *b;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		for (a = race_sides(); a->name; a++)
			for (b = a; b->name && p->count < PAIRS_MAX; b++)
				if (race_pair_valid(a, b, kinds[i]))
					add_pair(p, a, b, kinds[i]);
	for (i = 0; i < p->count; i++)
		mean_weight += weight(&configs[i]) / (double)p->count;
	qsort(subtests, p->count, sizeof(subtests[0]), by_turn);
}

/* A third of them: in-place conversion, where the kernel has none. */
static const char *lacks(const struct subtest *s)
{
	const int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return NULL;
	close(fd);
	return ((const struct race_config *)s->arg)->kind == MEMORY_INPLACE ?
	       attributes_lack(ATTRIBUTES_OF_FILE) : NULL;
}

static const char *bad_pair(const char *text)
{
	const struct race_side *s;

	fprintf(stderr, "gmem_race_test: --pair: '%s' is not allowed; expected two of",
		text ? text : "(nothing)");
	for (s = race_sides(); s->name; s++)
		fprintf(stderr, " %s", s->name);
	fprintf(stderr, ", with a comma between\n");
	return NULL;
}

/* A,B, in either order: the pair on all kinds of memory. */
static const char *select_pair(const char *text)
{
	const struct race_side *a, *b;
	char first[64], second[64], rest;

	if (!text || sscanf(text, "%63[^,],%63s%c", first, second, &rest) != 2)
		return bad_pair(text);
	a = race_side_find(first);
	b = race_side_find(second);
	if (!a || !b)
		return bad_pair(text);
	return format("race/*/%s+%s", a < b ? a->name : b->name, a < b ? b->name : a->name);
}

int main(int argc, char **argv)
{
	static const struct program_option options[] = {
		{ "--pair", "A,B: the sub-tests of two operations, in either order",
		  .select = select_pair },
		{ "--widen", "make operations longer: 1 signals, 2 other CPUs, 4 userfaultfd, or a sum",
		  &widen, 0, 7 },
		{ "--bench", "1: measure what aiming is worth instead", &bench, 0, 1 },
		{ 0 }
	};
	static struct program program = {
		.name = "gmem_race_test", .subtests = subtests, .options = options,
		.lacks = lacks,
	};

	started = clock_ns();
	add_pairs(&program);
	pairs_count = program.count;
	return runner_main(argc, argv, &program);
}
