// SPDX-License-Identifier: GPL-2.0-only
/*
 * Logs and tickets: by hand, and by threads that really share memory.  The words that
 * they use behave, so nothing is flagged, unless one of them cheats.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "abi/prng.h"
#include "kselftest_harness.h"
#include "oracle/checker.h"
#include "oracle/history_text.h"

#define THREADS		3
#define PAGES		2
#define SLOTS		3
#define OPS		20000

static struct history_log *log_new(uint32_t actor, uint32_t capacity)
{
	return history_log_init(malloc(history_log_size(capacity)), actor, capacity);
}

TEST(tickets_begin_at_one)
{
	uint64_t counter = 0;

	EXPECT_EQ(history_ticket(&counter), 1);
	EXPECT_EQ(history_ticket(&counter), 2);
}

TEST(full_log_is_reported)
{
	const struct checker_config config = { .pages = 1 };
	struct checker *c = checker_create(&config);
	struct history_log *log = log_new(7, 1);
	struct event e = { .begin = 1, .end = 2, .pages = 1 };

	EXPECT_EQ(history_log_room(log), 1);
	EXPECT_TRUE(history_log_append(log, &e));
	EXPECT_FALSE(history_log_append(log, &e));
	EXPECT_EQ(log->count, 1);
	EXPECT_EQ(log->lost, 1);
	EXPECT_EQ(log->events[0].actor, 7);
	EXPECT_FALSE(checker_add_log(c, log));
	EXPECT_STREQ("log of actor 0x7: 1 events did not fit into its 1", checker_error(c));
	/* Never a pass out of something that was not looked at. */
	EXPECT_EQ(checker_run(c), -1);
	history_log_clear(log);
	EXPECT_EQ(history_log_count(log), 0);
	checker_destroy(c);
	free(log);
}

TEST(state_at_barriers)
{
	const struct checker_config config = { .pages = 2, .split = true };
	struct checker *c = checker_create(&config);
	struct history_log *log = log_new(0, 4);
	struct event e = { .begin = 1, .end = 2, .page = 1, .pages = 1, .kind = EVENT_CONVERT,
			   .value = 1 };

	EXPECT_FALSE(checker_shared(c, 1, false));
	history_log_append(log, &e);
	EXPECT_TRUE(checker_add_log(c, log));
	EXPECT_EQ(checker_run(c), 0);
	EXPECT_FALSE(checker_shared(c, 1, true));
	EXPECT_TRUE(checker_shared(c, 1, false));
	/* Nothing happens to it in the next one. */
	EXPECT_EQ(checker_run(c), 0);
	EXPECT_TRUE(checker_shared(c, 1, true));
	EXPECT_FALSE(checker_shared(c, 0, false));
	checker_destroy(c);
	free(log);
}

TEST(half_an_exchange_is_refused)
{
	const struct checker_config config = { .pages = 1 };
	struct checker *c = checker_create(&config);
	struct history_log *log = log_new(0, 4);
	struct event e = { .begin = 1, .end = 2, .pages = 1, .flags = EVENT_ATOMIC };

	history_log_append(log, &e);
	EXPECT_FALSE(checker_add_log(c, log));
	EXPECT_NE(strstr(checker_error(c), "half of an exchange"), NULL);
	checker_destroy(c);
	free(log);
}

/* 8193 ranges of 524288 pages: more than 32 bits can count. */
TEST(ranges_that_cover_too_much)
{
	const uint32_t resets = 8193, pages = 524288;
	struct checker_config config = { .pages = pages };
	struct checker *c = checker_create(&config);
	struct history_log *log = malloc(history_log_size(resets));
	uint32_t i;

	history_log_init(log, TOKEN_ACTOR_HOST, resets);
	for (i = 0; i < resets; i++) {
		struct event e = { .begin = 2 * i + 1, .end = 2 * i + 2, .pages = pages,
				   .actor = TOKEN_ACTOR_HOST, .kind = EVENT_RESET };

		history_log_append(log, &e);
	}
	EXPECT_FALSE(checker_add_log(c, log));
	EXPECT_NE(strstr(checker_error(c), "expected at most"), NULL)
		TH_LOG("%s", checker_error(c));
	EXPECT_EQ(checker_run(c), -1);
	checker_destroy(c);
	free(log);
}

TEST(lines_that_make_no_sense)
{
	static const char *const lines[] = {
		"x 2 vcpu0 read 0/0 0", "1 y vcpu0 read 0/0 0", "1 2 cpu0 read 0/0 0",
		"1 2 vcpu read 0/0 0", "1 2 vcpu0", "1 2 vcpu0 read", "1 2 vcpu0 read 0/512 0",
		"1 2 vcpu0 read 0/0", "1 2 vcpu0 read 0/0 vcpu0", "1 2 vcpu0 read 0/0 vcpu0#1@2",
		"1 2 vcpu0 read 0/0 vcpu0#1048576", "1 2 vcpu0 read 0/0 0 maybe",
		"1 2 vcpu0 exchange 0/0 0", "1 2 host0 reset 3-1", "1 2 host0 reset 3 again",
		"1 2 host0 convert 3", "1 2 host0 convert 3 secret", "1 2 host126 reset 0",
		"1 2 vcpu0 read 0/0 vm16:vcpu0#1", "18446744073709551616 2 vcpu0 read 0/0 0",
		"1 2 vcpu0 convert 0 shared maybe maybe", "1 2 vcpu0 write 0/0 vcpu0#1 private private",
		"1 2 vcpu0 write 0/0 vcpu0#1 private shared maybe nonsense nonsense",
		"1 2 vcpu0 write 0/0 vcpu0#1 private private private private private private nonsense maybe",
	};
	struct event event[2];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		char line[120], error[200] = "";

		strcpy(line, lines[i]);
		EXPECT_EQ(history_parse(line, 0, event, error, sizeof(error)), HISTORY_BAD)
			TH_LOG("%s", lines[i]);
		EXPECT_NE(strstr(error, "expected"), NULL)
			TH_LOG("%s: %s", lines[i], error);
	}
}

TEST(heads_that_make_no_sense)
{
	static const char *const lines[] = {
		"", "histories", "history pages=0", "history pages=x", "history vm=16",
		"history shared=1", "history undefined=both", "history splits",
		"history pages=4 pages=1", "history vm=1 vm=2", "history split split",
		"history split split split split split split split split split split split pages=4 nonsense",
	};
	struct checker_config config;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		char line[120], error[200] = "";

		strcpy(line, lines[i]);
		EXPECT_FALSE(history_parse_head(line, &config, error, sizeof(error)))
			TH_LOG("%s", lines[i]);
		EXPECT_NE(strstr(error, "expected"), NULL);
		free((void *)config.state);
	}
}

struct shared {
	uint64_t ticket;
	uint64_t word[PAGES][SLOTS];
	bool cheat;		/* exchanges are not atomic */
	struct history_log *log[THREADS];
	pthread_barrier_t start;
};

struct worker {
	struct shared *shared;
	unsigned int actor;
	struct prng prng;
	uint32_t sequence;
};

static uint64_t exchange(struct shared *s, uint64_t *word, uint64_t value)
{
	uint64_t found;

	if (!s->cheat)
		return __atomic_exchange_n(word, value, __ATOMIC_RELAXED);
	found = __atomic_load_n(word, __ATOMIC_RELAXED);
	sched_yield();
	__atomic_store_n(word, value, __ATOMIC_RELAXED);
	return found;
}

/* Relaxed on purpose: the tickets alone have to keep the order. */
static void work(struct worker *w)
{
	struct shared *s = w->shared;
	struct event e = { .page = prng_below(&w->prng, PAGES), .pages = 1,
			   .word = prng_below(&w->prng, SLOTS) };
	uint64_t *word = &s->word[e.page][e.word];
	uint64_t token = token_make(0, w->actor, ++w->sequence, e.page, e.word);
	unsigned int what = prng_below(&w->prng, 8);

	e.begin = history_ticket(&s->ticket);
	if (!what) {
		__atomic_store_n(word, 0, __ATOMIC_RELAXED);
	} else if (what < 4) {
		e.value = __atomic_load_n(word, __ATOMIC_RELAXED);
	} else if (what < 6) {
		__atomic_store_n(word, token, __ATOMIC_RELAXED);
		e.value = token;
	} else {
		e.value = exchange(s, word, token);
		e.flags = EVENT_ATOMIC;
	}
	e.end = history_ticket(&s->ticket);
	/* A store of zero to one word is no reset of the page: keep it as an unsure one. */
	e.kind = !what ? EVENT_RESET : what == 4 || what == 5 ? EVENT_WRITE : EVENT_READ;
	if (!what)
		e.flags = EVENT_MAYBE;
	history_log_append(s->log[w->actor], &e);
	if (e.flags & EVENT_ATOMIC) {
		e.kind = EVENT_WRITE;
		e.value = token;
		history_log_append(s->log[w->actor], &e);
	}
}

static void *work_thread(void *arg)
{
	struct worker *w = arg;
	unsigned int i;

	pthread_barrier_wait(&w->shared->start);
	for (i = 0; i < OPS; i++)
		work(w);
	return NULL;
}

/* Anomalies that threads at work leave behind. */
static int threads_judge(bool cheat, struct checker_stats *stats)
{
	const struct checker_config config = { .pages = PAGES };
	struct shared s = { .cheat = cheat };
	struct checker *c = checker_create(&config);
	pthread_t thread[THREADS];
	struct worker w[THREADS];
	unsigned int i;
	int found;

	pthread_barrier_init(&s.start, NULL, THREADS);
	for (i = 0; i < THREADS; i++) {
		s.log[i] = log_new(i, 2 * OPS);
		w[i] = (struct worker){ &s, i, { i }, 0 };
		pthread_create(&thread[i], NULL, work_thread, &w[i]);
	}
	for (i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	for (i = 0; i < THREADS; i++)
		if (!checker_add_log(c, s.log[i])) {
			fprintf(stderr, "%s\n", checker_error(c));
			abort();
		}
	found = checker_run(c);
	if (found && !cheat) {
		char text[ANOMALY_TEXT];

		anomaly_describe(checker_anomaly(c, 0), text, sizeof(text));
		fprintf(stderr, "%s\n", text);
	}
	*stats = checker_stats(c);
	for (i = 0; i < THREADS; i++)
		free(s.log[i]);
	checker_destroy(c);
	return found;
}

TEST(threads_that_behave)
{
	struct checker_stats stats;

	EXPECT_EQ(threads_judge(false, &stats), 0);
	EXPECT_GE(stats.events, THREADS * OPS);
}

TEST(threads_that_cheat)
{
	struct checker_stats stats;

	EXPECT_GT(threads_judge(true, &stats), 0);
}

TEST_HARNESS_MAIN
