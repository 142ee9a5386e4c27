// SPDX-License-Identifier: GPL-2.0-only
/*
 * The watching loop on plain memory: a thread watches, the test plays the host and
 * punches by clearing.  Done right nobody complains; done wrong the watcher names the
 * page, the word and the value.
 */
#include <pthread.h>
#include <sched.h>
#include "abi/agent_abi.h"
#include "kselftest_harness.h"

#define PAGES	8
#define ROUNDS	300

FIXTURE(watch)
{
	struct watch w;
	struct timeline timelines[PAGES];
	struct cell cells[PAGES];
	uint64_t *words;
	uint32_t stop;
	pthread_t thread;
};

FIXTURE_VARIANT(watch)
{
	uint32_t flags;
};

FIXTURE_VARIANT_ADD(watch, read_write) { .flags = WATCH_READ | WATCH_WRITE };
FIXTURE_VARIANT_ADD(watch, read_exchange) { .flags = WATCH_READ | WATCH_EXCHANGE };
FIXTURE_VARIANT_ADD(watch, random) {
	.flags = WATCH_READ | WATCH_WRITE | WATCH_EXCHANGE | WATCH_RANDOM
};

static void *watcher(void *arg)
{
	FIXTURE_DATA(watch) *self = arg;

	watch_run(&self->w, &self->stop);
	return NULL;
}

FIXTURE_SETUP(watch)
{
	uint32_t i;

	memset(self, 0, sizeof(*self));
	self->words = aligned_alloc(TOKEN_PAGE_SIZE, PAGES * TOKEN_PAGE_SIZE);
	ASSERT_NE(NULL, self->words);
	memset(self->words, 0, PAGES * TOKEN_PAGE_SIZE);
	for (i = 0; i < PAGES; i++)
		cell_init(&self->cells[i], 0, 0, 0);
	self->w = (struct watch){
		.base = (uintptr_t)self->words,
		.timelines = (uintptr_t)self->timelines,
		.cells = (uintptr_t)self->cells,
		.page_size = TOKEN_PAGE_SIZE,
		.timeline_stride = sizeof(struct timeline),
		.pages = PAGES,
		.flags = variant->flags,
		.vm = 1,
		.actor = 2,
		.word = 5,
		.prng = { 42 },
	};
	ASSERT_EQ(0, pthread_create(&self->thread, NULL, watcher, self));
}

FIXTURE_TEARDOWN(watch)
{
	free(self->words);
}

static void watch_join(FIXTURE_DATA(watch) *self)
{
	__atomic_store_n(&self->stop, 1, __ATOMIC_RELAXED);
	pthread_join(self->thread, NULL);
}

/* Until every page was gone over since, or an anomaly ended it. */
static void watch_pass(FIXTURE_DATA(watch) *self, unsigned int passes)
{
	uint64_t start = __atomic_load_n(&self->w.passes, __ATOMIC_ACQUIRE);

	while (__atomic_load_n(&self->w.passes, __ATOMIC_ACQUIRE) < start + passes &&
	       !__atomic_load_n(&self->w.bad, __ATOMIC_ACQUIRE))
		sched_yield();
}

static uint64_t *watch_address(FIXTURE_DATA(watch) *self, uint32_t page)
{
	return self->words + page * TOKEN_WORDS + watch_word(&self->w, page);
}

/* The watcher goes on writing meanwhile, so word by word and atomically. */
static void punch(FIXTURE_DATA(watch) *self, uint32_t page)
{
	unsigned int i;

	for (i = 0; i < TOKEN_WORDS; i++)
		__atomic_store_n(self->words + page * TOKEN_WORDS + i, 0, __ATOMIC_RELAXED);
}

TEST_F(watch, good_host)
{
	uint32_t round;

	for (round = 0; round < ROUNDS; round++) {
		uint32_t page = round % PAGES;

		timeline_begin(&self->timelines[page], TIMELINE_RESET0);
		punch(self, page);
		timeline_end(&self->timelines[page]);
		watch_pass(self, 2);
	}
	watch_join(self);
	EXPECT_EQ(0, self->w.bad);
	EXPECT_GE(self->w.passes, 2 * ROUNDS);
	EXPECT_GE(self->w.accesses, self->w.passes * PAGES);
}

/* The watcher falls behind by more operations than the timeline remembers. */
TEST_F(watch, good_host_in_a_hurry)
{
	uint32_t round;

	for (round = 0; round < 200 * ROUNDS; round++) {
		uint32_t page = round / 1000 % PAGES;

		timeline_begin(&self->timelines[page], TIMELINE_RESET0);
		__atomic_store_n(watch_address(self, page), 0, __ATOMIC_RELAXED);
		timeline_end(&self->timelines[page]);
	}
	watch_pass(self, 2);
	watch_join(self);
	EXPECT_EQ(0, self->w.bad);
}

/* Accesses that meet an operation under way are counted: the proof of a race. */
TEST_F(watch, overlaps_are_counted)
{
	watch_pass(self, 2);
	EXPECT_EQ(0, __atomic_load_n(&self->w.overlaps, __ATOMIC_RELAXED));
	timeline_begin(&self->timelines[3], TIMELINE_RESET0);
	watch_pass(self, 30);
	punch(self, 3);
	timeline_end(&self->timelines[3]);
	watch_join(self);
	EXPECT_EQ(0, self->w.bad);
	EXPECT_GT(self->w.overlaps, 0);
}

/* The operation says that it reset the page, and this word it did not. */
static void faulty_punch(struct __test_metadata *_metadata, FIXTURE_DATA(watch) *self,
			 uint32_t page)
{
	uint64_t *word = watch_address(self, page), left;

	watch_pass(self, 4);
	/* Stop the watcher between accesses, so that the word holds a settled token. */
	watch_join(self);
	ASSERT_EQ(0, self->w.bad);
	if (!*word)
		*word = token_make(1, 2, 77, page, watch_word(&self->w, page));
	left = *word;
	timeline_begin(&self->timelines[page], TIMELINE_RESET0);
	punch(self, page);
	*word = left;
	timeline_end(&self->timelines[page]);
	/* The watcher's own write would heal it: only reads from now on. */
	self->w.flags = WATCH_READ | (self->w.flags & WATCH_RANDOM);
	self->stop = 0;
	ASSERT_EQ(0, pthread_create(&self->thread, NULL, watcher, self));
	watch_pass(self, 10000);
	watch_join(self);
	EXPECT_EQ(1, self->w.bad);
	EXPECT_EQ(page, self->w.bad_page);
	EXPECT_EQ(left, self->w.found);
	EXPECT_EQ(0, self->w.expected);
	EXPECT_EQ(watch_word(&self->w, page), token_word(self->w.found));
}

TEST_F(watch, punch_leaves_a_word_of_the_first_page)
{
	faulty_punch(_metadata, self, 0);
}

TEST_F(watch, punch_leaves_a_word_of_the_last_page)
{
	faulty_punch(_metadata, self, PAGES - 1);
}

TEST_F(watch, stray_write_is_noticed)
{
	watch_pass(self, 2);
	/* Again and again: the watcher's own writes go over it. */
	while (!__atomic_load_n(&self->w.bad, __ATOMIC_ACQUIRE))
		__atomic_store_n(watch_address(self, 4), 0xdead, __ATOMIC_RELAXED);
	watch_join(self);
	EXPECT_EQ(4, self->w.bad_page);
	EXPECT_EQ(0xdead, self->w.found);
}

TEST_HARNESS_MAIN
