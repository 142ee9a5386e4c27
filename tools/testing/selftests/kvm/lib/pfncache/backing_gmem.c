// SPDX-License-Identifier: GPL-2.0-only
#include <sys/mman.h>
#include "harness/verdict.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "memory/memory.h"
#include "pfncache/backing_gmem.h"

#define SHARED_FLAGS	(GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED)

static void file(struct backing_scene *s, uint64_t flags)
{
	if (!s->aware)
		verdict_skip("pfncaches of this kernel do not know guest_memfd");
	gmem_require(s->p.vm, flags);
	s->slot.flags = KVM_MEM_GUEST_MEMFD;
	s->slot.gmem = gmem_create(s->p.vm, BACKING_SIZE, flags);
	if (flags & GUEST_MEMFD_FLAG_MMAP)
		s->slot.hva = gmem_map(s->slot.gmem, 0, BACKING_SIZE);
}

void backing_elsewhere(struct backing_scene *s)
{
	file(s, SHARED_FLAGS);
	s->slot.hva = backing_map(BACKING_SIZE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

void backing_no_map(struct backing_scene *s)
{
	file(s, SHARED_FLAGS | GUEST_MEMFD_FLAG_NO_DIRECT_MAP);
}

void backing_private(struct backing_scene *s)
{
	file(s, memory_gmem_flags(MEMORY_PRIVATE));
	if (!s->slot.hva)
		s->slot.hva = backing_map(BACKING_SIZE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

void backing_unmapped(struct backing_scene *s)
{
	file(s, 0);
	s->slot.hva = backing_map(BACKING_SIZE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

void backing_private_no_map(struct backing_scene *s)
{
	file(s, memory_gmem_flags(MEMORY_PRIVATE) | GUEST_MEMFD_FLAG_NO_DIRECT_MAP);
	if (!s->slot.hva)
		s->slot.hva = backing_map(BACKING_SIZE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

void backing_make_private(struct backing_scene *s)
{
	if (s->p.vm->type->private_memory)
		attributes_set(s->p.vm, BACKING_GPA, BACKING_SIZE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
}
