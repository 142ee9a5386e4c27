// SPDX-License-Identifier: GPL-2.0-only
/* Operations on the host's mapping. */
#include <numaif.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "harness/fault_guard.h"
#include "harness/nodes.h"
#include "harness/swap.h"
#include "memory/parts.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT	21
#endif

/* Pages that a child touches at most. */
#define FORK_PAGES	4

int memory_discard(struct memory *m, uint32_t first, uint32_t pages)
{
	return memory_result(madvise(memory_at(m, first), pages * page_size(), MADV_DONTNEED));
}

/* New memory, or the file anew, in place of what is there: there is no moment without memory. */
int memory_map(struct memory *m, uint32_t first, uint32_t pages)
{
	const bool file = memory_kind_mapped(m->kind);
	const int flags = MAP_FIXED | (file ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS);
	unsigned int i;

	for (i = 0; i < m->count; i++) {
		uint32_t begin = first, n = pages;
		uint64_t offset = memory_part(m, i, &begin, &n);

		if (n && mmap(memory_at(m, begin), n * page_size(), PROT_READ | PROT_WRITE, flags,
			      file ? m->gmem : -1, file ? offset : 0) == MAP_FAILED)
			return -errno;
	}
	return 0;
}

int memory_unmap(struct memory *m, uint32_t first, uint32_t pages)
{
	return memory_result(munmap(memory_at(m, first), pages * page_size()));
}

int memory_protect(struct memory *m, uint32_t first, uint32_t pages)
{
	return memory_result(mprotect(memory_at(m, first), pages * page_size(), PROT_READ));
}

/* Where another operation has unmapped part of it there is nothing to bring back. */
int memory_unprotect(struct memory *m, uint32_t first, uint32_t pages)
{
	mprotect(memory_at(m, first), pages * page_size(), PROT_READ | PROT_WRITE);
	return 0;
}

struct child {
	volatile uint64_t *word;
	uint64_t words;
	bool write;
};

/* Anonymous memory is the child's own from its first write on; a file is everybody's. */
static void child_touch(void *arg)
{
	const struct child *c = arg;
	uint64_t i;

	for (i = 0; i < c->words; i++) {
		uint64_t value = c->word[i];

		if (c->write)
			c->word[i] = ~value;
	}
}

int memory_fork(struct memory *m, uint32_t first, uint32_t pages)
{
	struct child c = {
		.word = (uint64_t *)memory_at(m, first),
		.words = (pages < FORK_PAGES ? pages : FORK_PAGES) * page_size() / 8,
		.write = !memory_kind_mapped(m->kind),
	};
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (!pid) {
		guarded_call(child_touch, &c, NULL);
		_exit(0);
	}
	return waitpid(pid, NULL, 0) == pid ? 0 : -errno;
}

/* To one node after the other. */
int memory_bind(struct memory *m, uint32_t first, uint32_t pages)
{
	const uint8_t turn = __atomic_fetch_add(&m->turn, 1, __ATOMIC_RELAXED);
	unsigned long mask = 1ul << nodes_nth(turn % nodes_count());

	return memory_result(mbind(memory_at(m, first), pages * page_size(), MPOL_PREFERRED, &mask,
				   8 * sizeof(mask), MPOL_MF_MOVE));
}

const char *memory_bind_lacks(const struct memory *m)
{
	(void)m;
	return nodes_count() < 2 ? "one NUMA node with memory, two are needed" : NULL;
}

int memory_page_out(struct memory *m, uint32_t first, uint32_t pages)
{
	return memory_result(madvise(memory_at(m, first), pages * page_size(), MADV_PAGEOUT));
}

const char *memory_page_out_lacks(const struct memory *m)
{
	(void)m;
	return swap_missing();
}
