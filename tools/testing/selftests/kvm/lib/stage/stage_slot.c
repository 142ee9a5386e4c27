// SPDX-License-Identifier: GPL-2.0-only
/* Operations of a plan on whole memslots. */
#include <sys/mman.h>
#include "harness/page.h"
#include "harness/verdict.h"
#include "machine/gmem.h"
#include "stage/parts.h"

#define PAGE	page_size()

void stage_replug(struct stage *s, uint32_t slot)
{
	pthread_mutex_lock(&s->slot_lock);
	pthread_mutex_lock(&s->vm->lock);
	memslot_delete(s->vm, &s->slots[slot]);
	memslot_set(s->vm, &s->slots[slot]);
	pthread_mutex_unlock(&s->vm->lock);
	pthread_mutex_unlock(&s->slot_lock);
}

void stage_replace(struct stage_host *h, uint32_t slot)
{
	struct stage *s = h->stage;
	uint32_t first = 0, pages = s->config.pages;
	const uint64_t offset = stage_part(s, slot, &first, &pages);
	uint64_t begin;

	pthread_rwlock_rdlock(&s->file_lock);
	pthread_mutex_lock(&s->slot_lock);
	pthread_mutex_lock(&s->vm->lock);
	memslot_delete(s->vm, &s->slots[slot]);
	begin = stage_ticket(s);
	if (s->config.kind == MEMORY_ANON)
		verdict_require(!madvise(s->hva + first * PAGE, pages * PAGE, MADV_DONTNEED),
				"madvise");
	else
		gmem_punch(s->gmem, offset, pages * PAGE);
	stage_log_range(h, EVENT_RESET, first, pages, 0, begin, stage_file_copy(s));
	memslot_set(s->vm, &s->slots[slot]);
	pthread_mutex_unlock(&s->vm->lock);
	pthread_mutex_unlock(&s->slot_lock);
	pthread_rwlock_unlock(&s->file_lock);
}
