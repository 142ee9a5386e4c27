// SPDX-License-Identifier: GPL-2.0-only
/* The verdict of a sub-test's process: the first one wins and arrives whole. */
#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>
#include "harness/verdict.h"
#include "kselftest_harness.h"

#define THREADS	8
#define ROUNDS	30

FIXTURE(child)
{
	struct verdict *v;
	int status;
};

FIXTURE_SETUP(child)
{
	self->v = mmap(NULL, sizeof(*self->v), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	ASSERT_NE(MAP_FAILED, self->v);
	verdict_current = self->v;
}

FIXTURE_TEARDOWN(child)
{
	munmap(self->v, sizeof(*self->v));
}

/* In a process of its own, as the runner does it; its exit code. */
static int in_child(void (*fn)(void))
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		fn();
		_exit(99);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void fail_once(void)
{
	errno = ENOSPC;
	verdict_fail(VERDICT_LEAK, "page %d: %m", 3);
}

TEST_F(child, fail)
{
	EXPECT_EQ(1, in_child(fail_once));
	EXPECT_EQ(VERDICT_FAILED, self->v->state);
	EXPECT_EQ(VERDICT_LEAK, self->v->cls);
	EXPECT_STREQ("page 3: No space left on device", self->v->text);
}

static void skip_once(void)
{
	verdict_skip("no %s", "TDX");
}

TEST_F(child, skip)
{
	EXPECT_EQ(1, in_child(skip_once));
	EXPECT_EQ(VERDICT_SKIPPED, self->v->state);
	EXPECT_STREQ("no TDX", self->v->text);
}

static void require_true(void)
{
	verdict_require(1 + 1 == 2, "arithmetic");
	errno = EPERM;
	verdict_require(1 + 1 == 3, "arithmetic of %d", 3);
}

TEST_F(child, require)
{
	EXPECT_EQ(1, in_child(require_true));
	EXPECT_EQ(VERDICT_SETUP, self->v->cls);
	EXPECT_STREQ("arithmetic of 3: Operation not permitted", self->v->text);
}

static void *fail_in_thread(void *arg)
{
	long n = (long)arg;

	verdict_fail(n + 1, "thread %ld thread %ld thread %ld", n, n, n);
	return NULL;
}

static void fail_everywhere(void)
{
	pthread_t threads[THREADS];
	long i;

	for (i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, fail_in_thread, (void *)i);
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

TEST_F(child, first_of_many_threads_wins)
{
	unsigned int i;
	char text[100];

	for (i = 0; i < ROUNDS; i++) {
		long n;

		memset(self->v, 0, sizeof(*self->v));
		ASSERT_EQ(1, in_child(fail_everywhere));
		ASSERT_EQ(VERDICT_FAILED, self->v->state);
		n = (long)self->v->cls - 1;
		snprintf(text, sizeof(text), "thread %ld thread %ld thread %ld", n, n, n);
		ASSERT_STREQ(text, self->v->text);
	}
}

static void fail_at_length(void)
{
	verdict_fail(VERDICT_ABI, "%5000d", 1);
}

TEST_F(child, long_text_is_cut)
{
	EXPECT_EQ(1, in_child(fail_at_length));
	EXPECT_EQ(sizeof(self->v->text) - 1, strlen(self->v->text));
}

TEST_F(child, counters_add_up)
{
	verdict_progress();
	verdict_progress();
	EXPECT_EQ(2, self->v->watch.progress);
	EXPECT_FALSE(self->v->race);
	verdict_exercised(10, 0);
	verdict_exercised(5, 2);
	EXPECT_TRUE(self->v->race);
	EXPECT_EQ(15, self->v->attempts);
	EXPECT_EQ(2, self->v->overlaps);
	EXPECT_EQ(VERDICT_RUNNING, self->v->state);
}

static void fail_without_runner(void)
{
	verdict_current = NULL;
	verdict_fail(VERDICT_ABI, "printed and aborted");
}

TEST_F(child, without_a_runner)
{
	EXPECT_EQ(-SIGABRT, in_child(fail_without_runner));
}

/* Bisections and CI refer to the names. */
TEST(class_names)
{
	static const char *const names[] = {
		"NONE", "STALE_MAPPING", "NOT_SCRUBBED", "LEAK", "WRONG_PAGE", "LOST_DATA",
		"LOST_WRITE", "PERMISSION", "ABI", "HANG", "KERNEL", "ACCOUNTING", "CRASH", "SETUP",
		"XPASS",
	};
	unsigned int i;

	ASSERT_EQ(VERDICT_XPASS + 1, ARRAY_SIZE(names));
	for (i = 0; i < ARRAY_SIZE(names); i++)
		EXPECT_STREQ(names[i], verdict_class_name(i));
}

TEST_HARNESS_MAIN
