// SPDX-License-Identifier: GPL-2.0-only
/*
 * Conversion in place of pages that the host uses for moments: system calls that read and write
 * them, and CPUs that have just brought them in.  EAGAIN may come of the former, not of the latter,
 * and goes away.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "harness/nodes.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "scenario/scene_page.h"

#define PAGES	8u

/* Something that uses pages for moments, again and again. */
struct user {
	struct scene *s;
	void (*use)(struct user *u, void *page);
	int file;
	bool keeps;		/* scene_keeps() */
	uint32_t stop;
	uint64_t uses;
	pthread_t thread;
};

static void judge(struct user *u, uint32_t page, uint64_t found)
{
	if (!u->keeps)
		return;
	scene_check(u->s, page, found, scene_token(u->s, 1, page),
		    "a page that is converted while system calls use it");
}

static void *user_thread(void *arg)
{
	struct user *u = arg;
	uint32_t page;

	nodes_pin(1);
	while (!__atomic_load_n(&u->stop, __ATOMIC_ACQUIRE))
		for (page = 0; page < PAGES; page++)
			u->use(u, memory_at(u->s->ram, page));
	return NULL;
}

/* What is read must be there; a page that is private cannot be read: access_remote_vm(). */
static void vm_read(struct user *u, void *page)
{
	const uint32_t number = ((uint8_t *)page - u->s->ram->hva) / page_size();
	uint64_t value;

	if (pread(u->file, &value, sizeof(value), (uintptr_t)scene_word(u->s, number)) ==
	    sizeof(value)) {
		judge(u, number, value);
		__atomic_fetch_add(&u->uses, 1, __ATOMIC_RELAXED);
	}
}

static void direct_write(struct user *u, void *page)
{
	const uint32_t number = ((uint8_t *)page - u->s->ram->hva) / page_size();
	uint64_t value;

	if (pwrite(u->file, page, page_size(), 0) != (ssize_t)page_size())
		return;
	verdict_require(pread(u->file, &value, sizeof(value), (uint8_t *)scene_word(u->s, number) -
			      (uint8_t *)page) == sizeof(value) || errno == EINVAL, "pread");
	__atomic_fetch_add(&u->uses, 1, __ATOMIC_RELAXED);
}

static int open_direct(void)
{
	char name[] = "/tmp/kvm-gmem-XXXXXX";
	int fd = mkostemp(name, O_DIRECT | O_CLOEXEC);

	if (fd < 0)
		verdict_skip("no O_DIRECT on /tmp: %m");
	unlink(name);
	return fd;
}

/* Everything that was refused goes through later, and nothing is lost by either. */
static void run_used(const struct run *run)
{
	struct scene s = scene_open_shared(PAGES);
	struct user u = { .s = &s, .use = run->arg, .keeps = scene_keeps(&s) };
	uint64_t i, busy = 0;

	u.file = u.use == direct_write ? open_direct() :
		 open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	verdict_require(u.file >= 0, "/proc/self/mem");
	verdict_require(!pthread_create(&u.thread, NULL, user_thread, &u), "thread");
	nodes_pin(0);
	for (i = 0; i < 20 * run->iterations; i++) {
		int r = attributes_convert_gmem(s.ram->gmem, 0, s.ram->size,
						KVM_MEMORY_ATTRIBUTE_PRIVATE, &busy);

		if (r)
			verdict_fail(VERDICT_ABI, "pages that are used for moments cannot be made private: %s",
				     strerror(-r));
		judge(&u, i % PAGES, agent_read(s.agent, scene_word_gpa(&s, i % PAGES)));
		scene_convert_now(&s, 0, PAGES, false, "system calls use them");
		verdict_progress();
	}
	__atomic_store_n(&u.stop, 1, __ATOMIC_RELEASE);
	pthread_join(u.thread, NULL);
	verdict_note("%s: %llu uses, %llu times a page was in use", run->id,
		     (unsigned long long)u.uses, (unsigned long long)busy);
	verdict_exercised(i, u.uses);
	close(u.file);
	scene_close(&s);
}

/* Pages that another CPU has just brought in lie in a list of that CPU's, with a reference. */
struct toucher {
	struct scene *s;
	uint64_t turn, done;
};

static void *toucher_thread(void *arg)
{
	struct toucher *t = arg;
	uint64_t turn = 0;

	nodes_pin(1);
	while (turn != ~0ull) {
		uint64_t next = __atomic_load_n(&t->turn, __ATOMIC_ACQUIRE);

		if (next == turn || next == ~0ull) {
			turn = next == ~0ull ? next : turn;
			sched_yield();
			continue;
		}
		turn = next;
		scene_host_write(t->s, turn % PAGES, scene_token(t->s, 1, turn % PAGES));
		__atomic_store_n(&t->done, turn, __ATOMIC_RELEASE);
	}
	return NULL;
}

static void run_fresh(const struct run *run)
{
	struct scene s = scene_open_shared(PAGES);
	struct toucher t = { .s = &s };
	pthread_t thread;
	uint64_t i, value;

	verdict_require(!pthread_create(&thread, NULL, toucher_thread, &t), "thread");
	nodes_pin(0);
	for (i = 1; i <= 40 * run->iterations; i++) {
		gmem_punch(s.ram->gmem, i % PAGES * page_size(), page_size());
		__atomic_store_n(&t.turn, i, __ATOMIC_RELEASE);
		while (__atomic_load_n(&t.done, __ATOMIC_ACQUIRE) != i)
			sched_yield();
		scene_convert_now(&s, i % PAGES, 1, true, "another CPU has just brought it in");
		value = agent_read(s.agent, scene_word_gpa(&s, i % PAGES));
		if (scene_keeps(&s))
			scene_check(&s, i % PAGES, value, scene_token(&s, 1, i % PAGES),
				    "a page that another CPU brought in");
		scene_convert_now(&s, i % PAGES, 1, false, "the guest has read it");
		verdict_progress();
	}
	__atomic_store_n(&t.turn, ~0ull, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	scene_close(&s);
}

/* A fault that met a conversion is repeated. */
static enum agent_action repeat(struct agent *a, const struct vcpu_exit *exit, void *arg)
{
	(void)a;
	(void)exit;
	(void)arg;
	verdict_progress();
	return AGENT_RETRY;
}

/* Faults of KVM's own, and no access of the host's: nobody holds a page. */
static void run_guest(const struct run *run)
{
	struct scene s = scene_open_shared(PAGES);
	const struct agent_op op = {
		.opcode = AGENT_OP_FILL, .gpa = AGENT_TEST_GPA, .size = s.ram->size,
		.arg = AGENT_TEST_GPA,
	};
	uint64_t i, k;

	s.agent->on_fault = repeat;
	for (i = 0; i < 10 * run->iterations; i++) {
		gmem_punch(s.ram->gmem, 0, s.ram->size);
		agent_post(s.agent, &op);
		for (k = 0; k < 4; k++) {
			scene_convert_now(&s, 0, PAGES, true, "the guest alone accesses them");
			scene_convert_now(&s, 0, PAGES, false, "the guest alone accesses them");
		}
		if (agent_wait(s.agent)->status != AGENT_OK)
			verdict_fail(VERDICT_PERMISSION, "the guest cannot write to pages that are converted");
		verdict_progress();
	}
	scene_close(&s);
}

static const struct subtest subtests[] = {
	{ "convert-use/read", "pages that /proc/self/mem shows are converted between two reads",
	  run_used, vm_read },
	{ "convert-use/direct", "pages that O_DIRECT writes from are converted between two writes",
	  run_used, direct_write },
	{ "convert-use/fresh", "a page that another CPU has just brought in is converted at once",
	  run_fresh },
	{ "convert-use/guest", "pages that the guest brings in meanwhile are converted at once",
	  run_guest },
};

TEST_PROGRAM("gmem_convert_use_test", subtests)
