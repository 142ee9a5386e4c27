// SPDX-License-Identifier: GPL-2.0-only
/* Operations on the guest_memfd. */
#include <unistd.h>
#include "machine/gmem.h"
#include "memory/parts.h"

int memory_punch(struct memory *m, uint32_t first, uint32_t pages)
{
	uint64_t offset = memory_part(m, memory_slot_of(m, first), &first, &pages);

	return __gmem_punch(m->gmem, offset, pages * page_size());
}

int memory_allocate(struct memory *m, uint32_t first, uint32_t pages)
{
	uint64_t offset = memory_part(m, memory_slot_of(m, first), &first, &pages);

	return __gmem_allocate(m->gmem, offset, pages * page_size());
}

/* A mapping keeps the file open, and goes first. */
int memory_file_close(struct memory *m, uint32_t first, uint32_t pages)
{
	const int gmem = m->gmem;

	(void)first;
	(void)pages;
	memory_hide(m);
	m->gmem = -1;
	return memory_result(close(gmem));
}

/* A new file, and memslots on it instead of those on the one that is gone. */
int memory_file_open(struct memory *m, uint32_t first, uint32_t pages)
{
	unsigned int i;

	(void)first;
	(void)pages;
	for (i = 0; i < m->count; i++)
		__memslot_delete(m->vm, &m->slots[i]);
	memory_reopen(m);
	memory_plug(m);
	return 0;
}
