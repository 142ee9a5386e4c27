// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "harness/options.h"
#include "harness/verdict.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "memory/memory.h"
#include "memory/parts.h"

#define HUGE_SIZE	(2ull << 20)

enum memory_kind memory_kind_here(enum memory_kind kind)
{
	if (kind != MEMORY_PRIVATE)
		return kind;
	return attributes_keeper() == ATTRIBUTES_OF_FILE ? MEMORY_INPLACE : MEMORY_SPLIT;
}

/* Who has to keep attributes for memory of a kind that can be private. */
static void require_keeper(enum memory_kind kind)
{
	if (kind == MEMORY_INPLACE)
		attributes_require(ATTRIBUTES_OF_FILE);
	if (kind == MEMORY_SPLIT)
		attributes_require(ATTRIBUTES_OF_VM);
}

const struct vm_type *memory_vm_type(enum memory_kind kind)
{
	const bool private = kind == MEMORY_SPLIT || kind == MEMORY_INPLACE ||
			     kind == MEMORY_PRIVATE;
	const struct vm_type *type = private ? vm_type_private() : vm_default;

	require_keeper(memory_kind_here(kind));

	if (!type)
		verdict_skip("no VM type with private memory is offered%s%s (KVM_CAP_VM_TYPES %#x)",
			     options_vm_type() ? " that is called " : "",
			     options_vm_type() ? options_vm_type() : "", kvm_cap(KVM_CAP_VM_TYPES));
	return type;
}

uint64_t memory_gmem_flags(enum memory_kind kind)
{
	switch (memory_kind_here(kind)) {
	case MEMORY_SHARED:
		return GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED;
	case MEMORY_SEALED:
	case MEMORY_INPLACE:
		return GUEST_MEMFD_FLAG_MMAP;
	default:
		return 0;
	}
}

uint64_t memory_part(const struct memory *m, unsigned int slot, uint32_t *first, uint32_t *pages)
{
	const struct memslot *s = &m->slots[slot];
	const uint32_t begin = (s->gpa - m->gpa) / page_size();
	const uint32_t last = begin + s->size / page_size();
	const uint32_t end = *first + *pages;

	if (*first < begin)
		*first = begin;
	*pages = (end < last ? end : last) > *first ? (end < last ? end : last) - *first : 0;
	return s->gmem_offset + (*first - begin) * page_size();
}

unsigned int memory_slot_of(const struct memory *m, uint32_t page)
{
	unsigned int i;

	for (i = 0; i < m->count - 1; i++)
		if (memory_gpa(m, page) < m->slots[i].gpa + m->slots[i].size)
			break;
	return i;
}

/*
 * Address space for the host's view, placed so that a hugepage of the host can back one of the
 * guest.  The kernel hands addresses out from the top (or from a third, mm/util.c) and never comes
 * down here by itself: a place that is unmapped for a while stays free.
 */
static uint8_t *reserve(uint64_t gpa, uint64_t size)
{
	static uint64_t next = 1ull << 44;
	const uint64_t room = (size + 2 * HUGE_SIZE) & -HUGE_SIZE;
	void *hint = (void *)__atomic_fetch_add(&next, room, __ATOMIC_RELAXED);
	uint8_t *p = mmap(hint, size + HUGE_SIZE, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	uint8_t *aligned;

	verdict_require(p != MAP_FAILED, "mmap of %#llx bytes", (unsigned long long)size);
	aligned = p + ((gpa - (uintptr_t)p) & (HUGE_SIZE - 1));
	munmap(p, aligned - p);
	munmap(aligned + size, p + HUGE_SIZE - aligned);
	return aligned;
}

/* @offset: of the memory as a whole in the file, bytes. */
static struct memory *create(struct vm *vm, const struct memory_config *c, int gmem,
			     uint64_t offset)
{
	const uint32_t plain = c->dirty_log ? KVM_MEM_LOG_DIRTY_PAGES : 0;
	struct memory *m = calloc(1, sizeof(*m));
	unsigned int i;

	verdict_require(m, "out of memory");
	require_keeper(memory_kind_here(c->kind));
	if (vm->level == VM_LEVEL_EMULATOR && memory_kind_here(c->kind) == MEMORY_SEALED)
		verdict_skip("KVM's emulator and memory that the host may not read: docs/findings.md, 10");
	m->vm = vm;
	m->kind = memory_kind_here(c->kind);
	m->gpa = c->gpa;
	m->pages = c->pages;
	m->size = c->pages * page_size();
	m->gmem = gmem;
	m->count = c->count;
	m->hva = reserve(m->gpa, m->size);
	for (i = 0; i < c->count; i++)
		m->slots[i] = (struct memslot){
			.id = vm->next_slot++,
			.flags = m->kind == MEMORY_ANON ? plain : KVM_MEM_GUEST_MEMFD,
			.gpa = memory_gpa(m, c->layout[i].first),
			.size = c->layout[i].pages * page_size(),
			.hva = memory_at(m, c->layout[i].first),
			.gmem = gmem,
			.gmem_offset = offset + c->layout[i].offset * page_size(),
		};
	verdict_require(!memory_map(m, 0, m->pages), "mmap of guest memory");
	/* What happens to one page of a hugepage is worth testing. */
	if (!memory_kind_mapped(m->kind))
		madvise(m->hva, m->size, MADV_HUGEPAGE);
	memory_plug(m);
	if (m->kind == MEMORY_SPLIT)
		attributes_set(vm, m->gpa, m->size, KVM_MEMORY_ATTRIBUTE_PRIVATE);
	return m;
}

struct memory *memory_create_on(struct vm *vm, enum memory_kind kind, uint64_t gpa, uint64_t size,
				int gmem, uint64_t offset)
{
	const struct plan_memslot place = { .pages = size / page_size() };
	const struct memory_config config = {
		.kind = kind, .gpa = gpa, .pages = place.pages, .layout = &place, .count = 1,
	};

	return create(vm, &config, gmem, offset);
}

static int create_file(struct vm *vm, enum memory_kind kind, uint64_t size)
{
	if (kind == MEMORY_ANON)
		return -1;
	gmem_require(vm, memory_gmem_flags(kind));
	return gmem_create(vm, size, memory_gmem_flags(kind));
}

struct memory *memory_create(struct vm *vm, enum memory_kind kind, uint64_t gpa, uint64_t size)
{
	return memory_create_on(vm, kind, gpa, size, create_file(vm, kind, size), 0);
}

struct memory *memory_create_slots(struct vm *vm, const struct memory_config *c)
{
	return create(vm, c, create_file(vm, c->kind, c->pages * page_size()), 0);
}

void memory_unplug(struct memory *m)
{
	unsigned int i;

	for (i = 0; i < m->count; i++)
		memslot_delete(m->vm, &m->slots[i]);
}

void memory_plug(struct memory *m)
{
	unsigned int i;

	for (i = 0; i < m->count; i++)
		memslot_set(m->vm, &m->slots[i]);
}

void memory_hide(struct memory *m)
{
	if (memory_kind_mapped(m->kind))
		munmap(m->hva, m->size);
}

void memory_close(struct memory *m)
{
	/* A mapping of the file holds a reference to it. */
	memory_hide(m);
	close(m->gmem);
	m->gmem = -1;
}

void memory_reopen(struct memory *m)
{
	uint64_t end = 0;
	unsigned int i;

	for (i = 0; i < m->count; i++)
		if (m->slots[i].gmem_offset + m->slots[i].size > end)
			end = m->slots[i].gmem_offset + m->slots[i].size;
	m->gmem = gmem_create(m->vm, end, memory_gmem_flags(m->kind));
	for (i = 0; i < m->count; i++)
		m->slots[i].gmem = m->gmem;
	if (memory_kind_mapped(m->kind))
		verdict_require(!memory_map(m, 0, m->pages), "mmap of a guest_memfd");
}

void memory_destroy(struct memory *m)
{
	memory_unplug(m);
	munmap(m->hva, m->size);
	if (m->gmem >= 0)
		close(m->gmem);
	free(m);
}
