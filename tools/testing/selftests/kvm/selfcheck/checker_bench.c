// SPDX-License-Identifier: GPL-2.0-only
/*
 * How fast the checker is and what an event costs, on histories like those of a stress
 * run: eight actors, most operations short, resets and conversions of a few pages between.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "abi/prng.h"
#include "oracle/checker.h"

#define ACTORS		8
#define PAGES		256
#define SLOTS		16
#define REPEATS		3

struct bench {
	struct prng prng;
	uint64_t ticket;
	uint32_t sequence[ACTORS];
	struct event open[ACTORS];	/* operation under way; end is 0 if there is none */
	uint64_t memory[PAGES][SLOTS][2];
	uint8_t state[PAGES];
	struct history_log *log[ACTORS];
	bool split;
};

static struct bench bench;

static unsigned int below(unsigned int n)
{
	return prng_below(&bench.prng, n);
}

/* All effects happen at the begin: as legal as any other point. */
static void access_begin(struct event *e, unsigned int actor)
{
	uint64_t *word = &bench.memory[e->page][e->word][bench.split && bench.state[e->page]];

	e->kind = below(2);
	if (e->kind == EVENT_WRITE)
		*word = token_make(0, actor, ++bench.sequence[actor], e->page, e->word);
	e->value = *word;
}

static void pages_begin(struct event *e)
{
	unsigned int page, word;

	e->pages = 1 + below(8);
	if (e->pages > PAGES - e->page)
		e->pages = PAGES - e->page;
	e->kind = bench.split && below(2) ? EVENT_CONVERT : EVENT_RESET;
	e->value = e->kind == EVENT_CONVERT ? below(2) : 0;
	for (page = e->page; page < e->page + e->pages; page++) {
		if (e->kind == EVENT_CONVERT)
			bench.state[page] = e->value;
		for (word = 0; word < SLOTS && e->kind == EVENT_RESET; word++)
			bench.memory[page][word][0] = bench.memory[page][word][1] = 0;
	}
}

static void op_begin(unsigned int actor)
{
	struct event *e = &bench.open[actor];

	*e = (struct event){ .begin = ++bench.ticket, .end = 1, .page = below(PAGES), .pages = 1,
			     .word = below(SLOTS) };
	if (below(100) < 2)
		pages_begin(e);
	else
		access_begin(e, actor);
}

static void op_end(unsigned int actor)
{
	struct event *e = &bench.open[actor];

	e->end = ++bench.ticket;
	history_log_append(bench.log[actor], e);
	e->end = 0;
}

static void history_make(uint32_t events, bool split)
{
	unsigned int actor;
	uint32_t made = 0;

	bench = (struct bench){ .prng = { events }, .split = split };
	for (actor = 0; actor < ACTORS; actor++) {
		uint32_t room = events / ACTORS * 2 + 1000;
		void *memory = malloc(history_log_size(room));

		if (!memory)
			exit(1);
		bench.log[actor] = history_log_init(memory, actor, room);
	}
	while (made < events) {
		actor = below(ACTORS);
		if (bench.open[actor].end) {
			op_end(actor);
			made++;
		} else {
			op_begin(actor);
		}
	}
	for (actor = 0; actor < ACTORS; actor++)
		if (bench.open[actor].end)
			op_end(actor);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

/* Seconds for one run; ends the program if the history is found to be wrong. */
static double run_once(uint64_t *bytes)
{
	const struct checker_config config = { .pages = PAGES, .split = bench.split };
	struct checker *c = checker_create(&config);
	double start = now();
	unsigned int actor;

	for (actor = 0; actor < ACTORS; actor++)
		if (!checker_add_log(c, bench.log[actor])) {
			fprintf(stderr, "checker_bench: %s\n", checker_error(c));
			exit(1);
		}
	if (checker_run(c)) {
		char text[ANOMALY_TEXT];

		anomaly_describe(checker_anomaly(c, 0), text, sizeof(text));
		fprintf(stderr, "checker_bench: %s\n", text);
		exit(1);
	}
	start = now() - start;
	*bytes = checker_stats(c).bytes;
	checker_destroy(c);
	return start;
}

/* The best of some runs: what else the machine does only ever adds. */
static double measure(uint32_t events, bool split)
{
	double best = 1e9, seconds;
	uint64_t bytes = 0;
	unsigned int i;

	history_make(events, split);
	for (i = 0; i < REPEATS; i++) {
		seconds = run_once(&bytes);
		if (seconds < best)
			best = seconds;
	}
	for (i = 0; i < ACTORS; i++)
		free(bench.log[i]);
	printf("%-8s %9u events: %7.3f s, %5.2f M events/s, %zu bytes/event logged, %.1f in the checker\n",
	       split ? "split" : "in place", events, best, events / best / 1e6,
	       sizeof(struct event), (double)bytes / events);
	fflush(stdout);
	return best;
}

int main(void)
{
	unsigned int split;

	for (split = 0; split < 2; split++) {
		double million;

		measure(100000, split);
		million = measure(1000000, split);
		printf("%-8s time at 10^7 / time at 10^6: %.1f\n", split ? "split" : "in place",
		       measure(10000000, split) / million);
	}
	return 0;
}
