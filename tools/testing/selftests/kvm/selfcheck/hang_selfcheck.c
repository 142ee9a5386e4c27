// SPDX-License-Identifier: GPL-2.0-only
/* The watchdog: a child that makes no progress is killed and described, a slow one is not. */
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include "harness/hang.h"
#include "kselftest_harness.h"

FIXTURE(hang)
{
	struct hang_watch *watch;
	int status;
};

FIXTURE_SETUP(hang)
{
	self->watch = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->watch);
	setenv("KVM_GMEM_HANG", "1", 1);
}

FIXTURE_TEARDOWN(hang)
{
	munmap(self->watch, 4096);
}

static void *idle(void *name)
{
	prctl(PR_SET_NAME, name);
	while (pause())
		;
	return NULL;
}

TEST_F(hang, no_progress)
{
	pthread_t thread;
	pid_t pid = fork();

	if (!pid) {
		self->watch->progress = 17;
		pthread_create(&thread, NULL, idle, "stuck-thread");
		idle("stuck-main");
	}
	EXPECT_TRUE(hang_wait(pid, self->watch, &self->status));
	EXPECT_TRUE(WIFSIGNALED(self->status) && WTERMSIG(self->status) == SIGKILL);
	EXPECT_EQ(-1, kill(pid, 0));
	EXPECT_NE(NULL, strstr(hang_text(), "no progress for 1 s after 17 steps"));
	EXPECT_NE(NULL, strstr(hang_text(), " (stuck-main) S\n")) TH_LOG("%s", hang_text());
	EXPECT_NE(NULL, strstr(hang_text(), " (stuck-thread) S\n")) TH_LOG("%s", hang_text());
}

/* Who has called vfork(2) sleeps uninterruptibly until the child is gone. */
TEST_F(hang, blocked_in_the_kernel)
{
	pid_t pid;

	setenv("KVM_GMEM_HANG", "8", 1);
	pid = fork();
	if (!pid && !vfork()) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		idle("stuck-child");
	}
	EXPECT_TRUE(hang_wait(pid, self->watch, &self->status));
	EXPECT_NE(NULL, strstr(hang_text(),
			       "no progress for 2 s after 0 steps, and all threads wait in the kernel"))
		TH_LOG("%s", hang_text());
}

/* A stopped process makes no progress either, and can be killed. */
TEST_F(hang, stopped_child)
{
	pid_t pid = fork();

	if (!pid)
		raise(SIGSTOP);
	EXPECT_TRUE(hang_wait(pid, self->watch, &self->status));
	EXPECT_TRUE(WIFSIGNALED(self->status));
}

TEST_F(hang, slow_progress)
{
	pid_t pid;
	int i;

	setenv("KVM_GMEM_HANG", "2", 1);
	pid = fork();
	if (!pid) {
		for (i = 0; i < 8; i++) {
			usleep(500000);
			__atomic_fetch_add(&self->watch->progress, 1, __ATOMIC_RELAXED);
		}
		_exit(7);
	}
	EXPECT_FALSE(hang_wait(pid, self->watch, &self->status));
	EXPECT_TRUE(WIFEXITED(self->status) && WEXITSTATUS(self->status) == 7);
}

TEST_F(hang, quick_end)
{
	pid_t pid = fork();

	if (!pid)
		_exit(3);
	EXPECT_FALSE(hang_wait(pid, self->watch, &self->status));
	EXPECT_EQ(3, WEXITSTATUS(self->status));
}

TEST_F(hang, death_by_signal)
{
	pid_t pid = fork();

	if (!pid)
		raise(SIGKILL);
	EXPECT_FALSE(hang_wait(pid, self->watch, &self->status));
	EXPECT_TRUE(WIFSIGNALED(self->status) && WTERMSIG(self->status) == SIGKILL);
}

/* A child that knows how long its steps take hangs earlier; the environment stretches that. */
TEST_F(hang, patience)
{
	pid_t pid = fork();

	if (!pid) {
		self->watch->patience = 30000;
		idle("impatient");
	}
	EXPECT_TRUE(hang_wait(pid, self->watch, &self->status));
	EXPECT_NE(NULL, strstr(hang_text(), "no progress for 0.5 s after 0 steps"));
}

/* What is no number of seconds means the default, not zero. */
TEST_F(hang, nonsense_limit)
{
	pid_t pid;

	setenv("KVM_GMEM_HANG", "soon", 1);
	pid = fork();
	if (!pid) {
		usleep(1500000);
		_exit(0);
	}
	EXPECT_FALSE(hang_wait(pid, self->watch, &self->status));
}

TEST_HARNESS_MAIN
