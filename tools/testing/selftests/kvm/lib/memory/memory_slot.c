// SPDX-License-Identifier: GPL-2.0-only
/* Operations on the memslot that the range begins in. */
#include <stdlib.h>
#include "memory/parts.h"

/* Where slot-move moves a memslot, and where other-slot has one: no guest accesses either. */
#define MOVED_GPA	(AGENT_TEST_GPA_END + (4ull << 30))
#define OTHER_GPA	AGENT_TEST_GPA_END
#define OTHER_SLOT	100

static struct memslot *slot_at(struct memory *m, uint32_t first)
{
	return &m->slots[memory_slot_of(m, first)];
}

int memory_slot_delete(struct memory *m, uint32_t first, uint32_t pages)
{
	(void)pages;
	return __memslot_delete(m->vm, slot_at(m, first));
}

int memory_slot_set(struct memory *m, uint32_t first, uint32_t pages)
{
	(void)pages;
	return __memslot_set(m->vm, slot_at(m, first));
}

/* As it was, whatever has become of it. */
int memory_slot_create(struct memory *m, uint32_t first, uint32_t pages)
{
	memory_slot_delete(m, first, pages);
	return memory_slot_set(m, first, pages);
}

int memory_slot_move(struct memory *m, uint32_t first, uint32_t pages)
{
	struct memslot moved = *slot_at(m, first);

	(void)pages;
	moved.gpa = MOVED_GPA;
	return __memslot_set(m->vm, &moved);
}

/* To plain memory where it is guest_memfd, to read-only where it is plain: both are refused. */
int memory_slot_toggle(struct memory *m, uint32_t first, uint32_t pages)
{
	struct memslot toggled = *slot_at(m, first);

	(void)pages;
	toggled.flags = toggled.flags & KVM_MEM_GUEST_MEMFD ? 0 : KVM_MEM_READONLY;
	return __memslot_set(m->vm, &toggled);
}

/* The other way round than it is by itself (KVM_MR_FLAGS_ONLY in kvm_set_memory_region()). */
int memory_slot_log(struct memory *m, uint32_t first, uint32_t pages)
{
	struct memslot changed = *slot_at(m, first);

	(void)pages;
	changed.flags ^= KVM_MEM_LOG_DIRTY_PAGES;
	return __memslot_set(m->vm, &changed);
}

int memory_slot_replace(struct memory *m, uint32_t first, uint32_t pages)
{
	int r = memory_slot_delete(m, first, pages);

	if (r)
		return r;
	return m->kind == MEMORY_ANON ? memory_discard(m, first, pages) :
					memory_punch(m, first, pages);
}

/* Memory that nobody uses; its deletion can make all page tables of the VM obsolete. */
int memory_other_slot(struct memory *m, uint32_t first, uint32_t pages)
{
	struct memslot other = {
		.id = OTHER_SLOT, .gpa = OTHER_GPA, .size = slot_at(m, first)->size,
		.hva = slot_at(m, first)->hva,
	};
	int r = __memslot_set(m->vm, &other);

	(void)pages;
	return r ? r : __memslot_delete(m->vm, &other);
}

int memory_dirty_log(struct memory *m, uint32_t first, uint32_t pages)
{
	const struct memslot *slot = slot_at(m, first);
	uint64_t *bitmap = calloc(slot->size / page_size() / 64 + 1, sizeof(*bitmap));
	struct kvm_dirty_log log = { .slot = slot->id, .dirty_bitmap = bitmap };
	int r = bitmap ? __vm_ioctl(m->vm, KVM_GET_DIRTY_LOG, &log) : -ENOMEM;

	(void)pages;
	free(bitmap);
	return r;
}
