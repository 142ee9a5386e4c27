// SPDX-License-Identifier: GPL-2.0-only
/* Operations of a plan on whole memslots and on the file behind them. */
#include <sys/mman.h>
#include <unistd.h>
#include "gmem.h"
#include "page.h"
#include "stage_host.h"
#include "verdict.h"

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
	if (s->config.kind == RAM_ANON)
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

void stage_reopen(struct stage_host *h)
{
	struct stage *s = h->stage;
	uint64_t begin;
	uint32_t i;

	pthread_rwlock_wrlock(&s->file_lock);
	pthread_mutex_lock(&s->slot_lock);
	pthread_mutex_lock(&s->vm->lock);
	begin = stage_ticket(s);
	if (s->config.kind == RAM_SHARED)
		verdict_require(!munmap(s->hva, s->config.pages * PAGE), "munmap");
	close(s->gmem);
	for (i = 0; i < s->config.slots; i++)
		memslot_delete(s->vm, &s->slots[i]);
	s->gmem = gmem_create(s->vm, s->config.pages * PAGE, ram_gmem_flags(s->config.kind));
	for (i = 0; i < s->config.slots; i++) {
		s->slots[i].gmem = s->gmem;
		if (s->config.kind == RAM_SHARED)
			stage_map(s, i, s->layout[i].first, s->layout[i].pages);
		memslot_set(s->vm, &s->slots[i]);
	}
	stage_log_range(h, EVENT_RESET, 0, s->config.pages, 0, begin, stage_file_copy(s));
	pthread_mutex_unlock(&s->vm->lock);
	pthread_mutex_unlock(&s->slot_lock);
	pthread_rwlock_unlock(&s->file_lock);
}
