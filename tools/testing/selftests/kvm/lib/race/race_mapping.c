// SPDX-License-Identifier: GPL-2.0-only
/* Operations of the matrix that are about the host's mapping. */
#include <numaif.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "harness/fault_guard.h"
#include "harness/nodes.h"
#include "harness/page.h"
#include "harness/swap.h"
#include "race/ops_parts.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT	21
#endif

#define PAGE		page_size()

static uint8_t *range_hva(const struct race *r)
{
	return r->stage->hva + r->first * PAGE;
}

/* Of split memory it shows the shared copy. */
static uint8_t mapping_copy(const struct race *r)
{
	return r->kind == MEMORY_SPLIT ? EVENT_COPY1 : 0;
}

int race_map_write(struct race *r, struct race_actor *a)
{
	uint64_t *word = stage_word(r->stage, r->page, r->slot);

	a->value = token_make(r->stage->vm->number, a->host->actor, ++a->host->seq, r->page,
			      r->slot);
	return guarded_write(word, a->value) ? -EFAULT : 0;
}

void race_map_write_log(struct race *r, unsigned int k)
{
	struct race_actor *a = &r->actor[k];
	struct event event = {
		.begin = a->begin, .end = a->end, .value = a->value, .page = r->page, .pages = 1,
		.slot = r->slot, .kind = EVENT_WRITE,
		.flags = mapping_copy(r) | (a->error ? EVENT_MAYBE : 0),
	};

	race_log(r, a->host, event);
}

int race_map_discard(struct race *r, struct race_actor *a)
{
	(void)a;
	return race_result(madvise(range_hva(r), r->pages * PAGE, MADV_DONTNEED));
}

/* What a mapping of a file shows stays as it is. */
void race_map_discard_log(struct race *r, unsigned int k)
{
	if (r->kind != MEMORY_SHARED)
		race_log_reset(r, k, mapping_copy(r));
}

int race_unmap(struct race *r, struct race_actor *a)
{
	(void)a;
	return race_result(munmap(range_hva(r), r->pages * PAGE));
}

void race_remap(struct race *r)
{
	stage_map(r->stage, 0, r->first, r->pages);
}

int race_protect(struct race *r, struct race_actor *a)
{
	(void)a;
	return race_result(mprotect(range_hva(r), r->pages * PAGE, PROT_READ));
}

void race_unprotect(struct race *r)
{
	mprotect(range_hva(r), r->pages * PAGE, PROT_READ | PROT_WRITE);
}

/* The child writes to its own view of anonymous memory, and goes. */
int race_fork(struct race *r, struct race_actor *a)
{
	uint64_t *word = stage_word(r->stage, r->page, r->slot);
	pid_t pid = fork();

	(void)a;
	if (pid < 0)
		return -errno;
	if (!pid) {
		if (r->kind != MEMORY_SHARED)
			guarded_write(word, ~0ull);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	return 0;
}

int race_map_bind(struct race *r, struct race_actor *a)
{
	unsigned long mask = 1ul << nodes_nth(r->races % nodes_count());

	(void)a;
	return race_result(mbind(range_hva(r), r->pages * PAGE, MPOL_PREFERRED, &mask,
			    8 * sizeof(mask), MPOL_MF_MOVE));
}

int race_map_page_out(struct race *r, struct race_actor *a)
{
	(void)a;
	swap_require();
	return race_result(madvise(range_hva(r), r->pages * PAGE, MADV_PAGEOUT));
}
