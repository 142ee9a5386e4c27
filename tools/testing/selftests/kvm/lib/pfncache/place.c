// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "harness/verdict.h"
#include "pfncache/place.h"

#define READ_ONLY_GPA	(PLACE_GPA + (1ull << 20))
#define KERNEL_HVA	0xffff888000000000ull

void place_open(struct place_scene *s, const struct pfncache_kind *kind)
{
	s->kind = kind;
	pfncache_open(&s->p, kind);
	s->ram = memory_create(s->p.vm, MEMORY_ANON, PLACE_GPA, PLACE_PAGES * PLACE_PAGE);
	s->read_only = (struct memslot){
		.id = s->p.vm->next_slot++,
		.flags = KVM_MEM_READONLY,
		.gpa = READ_ONLY_GPA,
		.size = PLACE_PAGE,
		.hva = mmap(NULL, 2 * PLACE_PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
	};
	verdict_require(s->read_only.hva != MAP_FAILED, "mmap");
	s->hole = s->read_only.hva + PLACE_PAGE;
	munmap(s->hole, PLACE_PAGE);
	memslot_set(s->p.vm, &s->read_only);
}

void place_close(struct place_scene *s)
{
	memory_destroy(s->ram);
	memslot_delete(s->p.vm, &s->read_only);
	munmap(s->read_only.hva, PLACE_PAGE);
	pfncache_close(&s->p);
}

uint64_t place_offset(const struct place_scene *s, enum place at)
{
	switch (at) {
	case SECOND:
		return PLACE_PAGE;
	case ODD:
		return 2 * PLACE_PAGE + 2;
	case CROSSING:
		/* The last 4 bytes, or 24 for what may be split, lie in the next page. */
		return 3 * PLACE_PAGE - s->kind->size + (s->kind->split ? 24 : 4);
	default:
		return 0;
	}
}

uint64_t place_address(const struct place_scene *s, enum place at)
{
	switch (at) {
	case READ_ONLY:
		return s->kind->hva ? (uintptr_t)s->read_only.hva : READ_ONLY_GPA;
	case HOLE:
		return s->kind->hva ? (uintptr_t)s->hole : PLACE_HOLE;
	case KERNEL:
		return KERNEL_HVA;
	default:
		return (s->kind->hva ? (uintptr_t)s->ram->hva : PLACE_GPA) + place_offset(s, at);
	}
}

void place_use(struct place_scene *s, uint32_t token, int expected)
{
	int r = s->kind->use(&s->p, token);

	if (s->kind->size != PLACE_PAGE)
		expected = 0;
	if (r != -expected)
		verdict_fail(VERDICT_ABI, "use of %s: %s, expected %s", s->kind->name,
			     strerror(-r), strerror(expected));
}

void place_snapshot(struct place_scene *s)
{
	memcpy(s->before, s->ram->hva, sizeof(s->before));
}

void place_unchanged(const struct place_scene *s, uint64_t offset, uint64_t size,
			    const char *since)
{
	uint64_t i;

	for (i = 0; i < sizeof(s->before); i++)
		if (i - offset >= size && s->ram->hva[i] != s->before[i])
			verdict_fail(VERDICT_STALE_MAPPING,
				     "%s %s: byte %#llx of RAM was %#x and is %#x", s->kind->name,
				     since, (unsigned long long)i, s->before[i], s->ram->hva[i]);
}

void place_shows(const struct place_scene *s, uint64_t offset, uint32_t token, const char *when)
{
	if (!s->kind->shows(s->ram->hva + offset, token))
		verdict_fail(VERDICT_LOST_WRITE, "%s %s: token %u is not at offset %#llx",
			     s->kind->name, when, token, (unsigned long long)offset);
}

void place_where(struct place_scene *s, uint64_t expected, const char *when)
{
	uint64_t where = s->kind->where(&s->p);

	if (where != expected)
		verdict_fail(VERDICT_ABI, "%s %s: KVM says %#llx, expected %#llx", s->kind->name,
			     when, (unsigned long long)where, (unsigned long long)expected);
}

void place_first(struct place_scene *s)
{
	pfncache_point(&s->p, s->kind, place_address(s, FIRST));
	place_use(s, 1, 0);
	place_shows(s, 0, 1, "in its first place");
}

void place_each_kind(void (*fn)(struct place_scene *s))
{
	const struct pfncache_kind *kind;
	unsigned int tried = 0;
	struct place_scene *s;

	for (kind = pfncache_kinds; kind->name; kind++) {
		if (!pfncache_offered(kind))
			continue;
		s = calloc(1, sizeof(*s));
		verdict_require(s, "out of memory");
		place_open(s, kind);
		fn(s);
		place_close(s);
		free(s);
		tried++;
		verdict_progress();
	}
	if (!tried)
		verdict_skip("no kind of pfncache is offered");
}
