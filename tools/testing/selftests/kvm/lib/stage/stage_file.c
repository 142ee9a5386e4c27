// SPDX-License-Identifier: GPL-2.0-only
/* Operations of a plan on the file that all memslots are on. */
#include <sched.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "harness/page.h"
#include "harness/verdict.h"
#include "machine/gmem.h"
#include "memory/ram.h"
#include "stage/parts.h"

#define PAGE	page_size()

/* Children that are there, of all stages: who closes a file for good waits for their end. */
static pthread_rwlock_t children = PTHREAD_RWLOCK_INITIALIZER;

pid_t stage_fork(void)
{
	pid_t pid;

	pthread_rwlock_rdlock(&children);
	pid = fork();
	verdict_require(pid >= 0, "fork");
	return pid;
}

void stage_reap(pid_t pid)
{
	waitpid(pid, NULL, 0);
	pthread_rwlock_unlock(&children);
}

/* The file, and the mapping that holds it; the place stays taken, or others' memory came there. */
static void close_file(struct stage *s)
{
	const uint64_t size = s->config.pages * PAGE;

	if (memory_kind_mapped(s->config.kind))
		verdict_require(mmap(s->hva, size, PROT_NONE, MAP_FIXED | MAP_PRIVATE |
				     MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) == s->hva, "mmap");
	close(s->gmem);
	s->gmem = -1;
}

/* A file, and memslots on it instead of those on the one that is gone. */
static void open_file(struct stage *s)
{
	uint32_t i;

	for (i = 0; i < s->config.slots; i++)
		memslot_delete(s->vm, &s->slots[i]);
	s->gmem = gmem_create(s->vm, s->config.pages * PAGE, ram_gmem_flags(s->config.kind));
	for (i = 0; i < s->config.slots; i++) {
		s->slots[i].gmem = s->gmem;
		if (memory_kind_mapped(s->config.kind))
			stage_map(s, i, s->layout[i].first, s->layout[i].pages);
		memslot_set(s->vm, &s->slots[i]);
	}
}

/* A new file is private, since it was opened: now for sure. */
static void log_private(struct stage_host *h)
{
	struct stage *s = h->stage;

	if (s->config.kind == MEMORY_INPLACE)
		stage_log_range(h, EVENT_CONVERT, 0, s->config.pages, 0, stage_ticket(s), 0);
}

/* Others may hold the file, in a fault or after a fork, and see its contents until the new one. */
void stage_reopen(struct stage_host *h)
{
	struct stage *s = h->stage;
	uint64_t begin;

	pthread_rwlock_wrlock(&s->file_lock);
	pthread_mutex_lock(&s->slot_lock);
	pthread_mutex_lock(&s->vm->lock);
	begin = stage_ticket(s);
	close_file(s);
	open_file(s);
	stage_log_range(h, EVENT_RESET, 0, s->config.pages, 0, begin, stage_file_copy(s));
	log_private(h);
	pthread_mutex_unlock(&s->vm->lock);
	pthread_mutex_unlock(&s->slot_lock);
	pthread_rwlock_unlock(&s->file_lock);
}

/* What vCPUs have done in this round: each operation, fault and access to a hole counts. */
static uint64_t steps(const struct stage *s)
{
	uint64_t n = 0;
	uint32_t i;

	for (i = 0; i < s->config.vcpus; i++)
		n += __atomic_load_n(&s->guests[i]->next, __ATOMIC_RELAXED) +
		     __atomic_load_n(&s->agents[i]->faults, __ATOMIC_RELAXED) +
		     __atomic_load_n(&s->agents[i]->mmio, __ATOMIC_RELAXED);
	return n;
}

/* Steps of a vCPU to wait for, and turns of others after which it is at the end of its list. */
#define ORPHAN_STEPS	8
#define ORPHAN_TURNS	2000

void stage_orphan(struct stage_host *h)
{
	struct stage *s = h->stage;
	uint64_t begin, before;
	uint32_t i;

	pthread_rwlock_wrlock(&s->file_lock);
	pthread_mutex_lock(&s->slot_lock);
	for (i = 0; i < s->config.vcpus; i++)
		agent_hold(s->agents[i]);
	pthread_rwlock_wrlock(&children);
	begin = stage_ticket(s);
	close_file(s);
	stage_log_range(h, EVENT_RESET, 0, s->config.pages, 0, begin, stage_file_copy(s));
	pthread_rwlock_unlock(&children);
	before = steps(s);
	for (i = 0; i < s->config.vcpus; i++)
		agent_let_go(s->agents[i]);
	for (i = 0; i < ORPHAN_TURNS && steps(s) - before < ORPHAN_STEPS * s->config.vcpus; i++)
		sched_yield();
	pthread_mutex_lock(&s->vm->lock);
	open_file(s);
	log_private(h);
	pthread_mutex_unlock(&s->vm->lock);
	pthread_mutex_unlock(&s->slot_lock);
	pthread_rwlock_unlock(&s->file_lock);
}
