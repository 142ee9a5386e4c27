// SPDX-License-Identifier: GPL-2.0-only
/* Surviving SIGBUS and SIGSEGV: nested, repeated, and in many threads at once. */
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include "harness/fault_guard.h"
#include "kselftest_harness.h"

#define PAGE	4096
#define THREADS	8
#define ROUNDS	5000

/* A page of a file that ends before it: every access gets SIGBUS. */
static uint64_t *page_past_end(int *fd)
{
	*fd = memfd_create("selfcheck", MFD_CLOEXEC);
	return mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
}

static void store_one(void *word)
{
	*(volatile uint64_t *)word = 1;
}

TEST(no_fault)
{
	uint64_t word = 5, value = 0;
	struct fault_info info;

	fault_guard_install();
	EXPECT_EQ(0, guarded_read(&word, &value));
	EXPECT_EQ(5, value);
	EXPECT_EQ(0, guarded_write(&word, 6));
	EXPECT_EQ(6, word);
	EXPECT_EQ(0, guarded_call(store_one, &word, &info));
	EXPECT_EQ(0, info.signal);
}

TEST(bus_error)
{
	uint64_t *word, value = 7;
	struct fault_info info;
	int fd;

	fault_guard_install();
	fault_guard_install();
	word = page_past_end(&fd);
	ASSERT_NE(MAP_FAILED, word);
	EXPECT_EQ(SIGBUS, guarded_call(store_one, word + 3, &info));
	EXPECT_EQ(SIGBUS, info.signal);
	EXPECT_EQ(BUS_ADRERR, info.code);
	EXPECT_EQ((void *)(word + 3), info.address);
	/* A read that failed leaves the value alone. */
	EXPECT_EQ(SIGBUS, guarded_read(word, &value));
	EXPECT_EQ(7, value);
	/* The page comes: no trace of the faults is left. */
	ASSERT_EQ(0, ftruncate(fd, PAGE));
	EXPECT_EQ(0, guarded_write(word, 9));
	EXPECT_EQ(0, guarded_read(word, &value));
	EXPECT_EQ(9, value);
}

TEST(segmentation_fault)
{
	uint64_t *word = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), value;

	fault_guard_install();
	ASSERT_NE(MAP_FAILED, word);
	EXPECT_EQ(0, guarded_read(word, &value));
	EXPECT_EQ(SIGSEGV, guarded_write(word, 1));
}

struct nested {
	uint64_t *bad, *good;
	int inner;
	volatile bool after;
};

static void outer(void *arg)
{
	struct nested *n = arg;

	n->inner = guarded_call(store_one, n->bad, NULL);
	n->after = true;
	store_one(n->bad);
	n->after = false;	/* not reached */
}

TEST(nested_guards)
{
	struct nested n = { 0 };
	int fd;

	fault_guard_install();
	n.bad = page_past_end(&fd);
	ASSERT_NE(MAP_FAILED, n.bad);
	EXPECT_EQ(SIGBUS, guarded_call(outer, &n, NULL));
	EXPECT_EQ(SIGBUS, n.inner);
	EXPECT_TRUE(n.after);
}

struct worker {
	pthread_t thread;
	pthread_barrier_t *start;
	unsigned int wrong;
};

/* Half of the accesses fault, at addresses that only this thread has. */
static void *fault_again_and_again(void *arg)
{
	struct worker *w = arg;
	uint64_t value, *word;
	unsigned int i;
	int fd;

	word = page_past_end(&fd);
	pthread_barrier_wait(w->start);
	for (i = 0; i < ROUNDS; i++) {
		struct fault_info info;

		w->wrong += guarded_call(store_one, word + i % 512, &info) != SIGBUS;
		w->wrong += info.address != word + i % 512;
		w->wrong += ftruncate(fd, PAGE) != 0;
		w->wrong += guarded_write(word, i) != 0;
		w->wrong += guarded_read(word, &value) != 0 || value != i;
		w->wrong += ftruncate(fd, 0) != 0;
	}
	munmap(word, PAGE);
	close(fd);
	return NULL;
}

TEST(threads_do_not_disturb_each_other)
{
	struct worker workers[THREADS] = { 0 };
	pthread_barrier_t start;
	unsigned int i;

	fault_guard_install();
	pthread_barrier_init(&start, NULL, THREADS);
	for (i = 0; i < THREADS; i++) {
		workers[i].start = &start;
		ASSERT_EQ(0, pthread_create(&workers[i].thread, NULL, fault_again_and_again,
					    &workers[i]));
	}
	for (i = 0; i < THREADS; i++) {
		pthread_join(workers[i].thread, NULL);
		EXPECT_EQ(0, workers[i].wrong);
	}
}

/* Nobody expected it: the sub-test ends, here without a runner, so by abort(). */
TEST(fault_outside_a_guard)
{
	int fd, status;
	pid_t pid = fork();

	if (!pid) {
		fault_guard_install();
		store_one(page_past_end(&fd));
		_exit(0);
	}
	waitpid(pid, &status, 0);
	EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

TEST_HARNESS_MAIN
