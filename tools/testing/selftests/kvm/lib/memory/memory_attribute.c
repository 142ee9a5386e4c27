// SPDX-License-Identifier: GPL-2.0-only
/* Pages become private or shared, by the VM's attributes or by those of the file. */
#include <sched.h>
#include "machine/attributes.h"
#include "memory/parts.h"

/* Times that a page may be found in use: an access of the host's that is under way holds it. */
#define BUSY_TURNS	100

/* Part of one memslot (api.rst, KVM_SET_MEMORY_ATTRIBUTES2 as posted: EAGAIN). */
static int convert_file(struct memory *m, uint64_t offset, uint64_t size, uint64_t attributes)
{
	unsigned int turn;
	int r = -EAGAIN;

	for (turn = 0; r == -EAGAIN && turn < BUSY_TURNS; turn++) {
		if (turn)
			sched_yield();
		r = __attributes_set_gmem(m->gmem, offset, size, attributes, NULL);
	}
	return r;
}

int memory_convert(struct memory *m, uint32_t first, uint32_t pages, bool to_private)
{
	const uint64_t attributes = to_private ? KVM_MEMORY_ATTRIBUTE_PRIVATE : 0;
	unsigned int i;
	int r = 0;

	if (m->kind == MEMORY_SPLIT)
		return __attributes_set(m->vm, memory_gpa(m, first), pages * page_size(),
					attributes);
	for (i = 0; i < m->count && !r; i++) {
		uint32_t begin = first, n = pages;
		uint64_t offset = memory_part(m, i, &begin, &n);

		if (n)
			r = convert_file(m, offset, n * page_size(), attributes);
	}
	return r;
}

int memory_to_private(struct memory *m, uint32_t first, uint32_t pages)
{
	return memory_convert(m, first, pages, true);
}

int memory_to_shared(struct memory *m, uint32_t first, uint32_t pages)
{
	return memory_convert(m, first, pages, false);
}
