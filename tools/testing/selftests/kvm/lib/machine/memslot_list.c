// SPDX-License-Identifier: GPL-2.0-only
#include "harness/verdict.h"
#include "machine/memslot.h"
#include "machine/memslot_list.h"

static void drop(struct memslot_list *list, uint32_t id)
{
	unsigned int i;

	for (i = 0; i < list->count; i++)
		if (list->files[i].id == id)
			list->files[i--] = list->files[--list->count];
}

void memslot_list_note(struct memslot_list *list, const struct memslot *slot)
{
	pthread_mutex_lock(&list->lock);
	drop(list, slot->id);
	if (slot->size && slot->flags & KVM_MEM_GUEST_MEMFD) {
		if (list->count == MEMSLOT_LIST_MAX)
			verdict_fail(VERDICT_SETUP, "more than %u memslots with a guest_memfd",
				     MEMSLOT_LIST_MAX);
		list->files[list->count++] = (struct memslot_file){
			.id = slot->id, .gmem = slot->gmem, .gpa = slot->gpa, .size = slot->size,
			.offset = slot->gmem_offset,
		};
	}
	pthread_mutex_unlock(&list->lock);
}

unsigned int memslot_list_find(struct memslot_list *list, uint64_t gpa, uint64_t size,
			       struct memslot_file found[MEMSLOT_LIST_MAX])
{
	unsigned int i, n = 0;

	pthread_mutex_lock(&list->lock);
	for (i = 0; i < list->count; i++) {
		struct memslot_file f = list->files[i];
		const uint64_t begin = gpa > f.gpa ? gpa : f.gpa;
		const uint64_t end = gpa + size < f.gpa + f.size ? gpa + size : f.gpa + f.size;

		if (begin >= end)
			continue;
		f.offset += begin - f.gpa;
		f.gpa = begin;
		f.size = end - begin;
		found[n++] = f;
	}
	pthread_mutex_unlock(&list->lock);
	return n;
}
