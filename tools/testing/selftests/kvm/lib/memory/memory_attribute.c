// SPDX-License-Identifier: GPL-2.0-only
/* Pages become private or shared, by the VM's attributes or by those of the file. */
#include "machine/attributes.h"
#include "memory/parts.h"

int memory_convert(struct memory *m, uint32_t first, uint32_t pages, bool to_private)
{
	const uint64_t attributes = to_private ? KVM_MEMORY_ATTRIBUTE_PRIVATE : 0;
	unsigned int i;
	int r = 0;

	if (m->kind == MEMORY_SPLIT)
		return __attributes_set_vm(m->vm, memory_gpa(m, first), pages * page_size(),
					attributes);
	for (i = 0; i < m->count && !r; i++) {
		uint32_t begin = first, n = pages;
		uint64_t offset = memory_part(m, i, &begin, &n);

		if (n)
			r = attributes_convert_gmem(m->gmem, offset, n * page_size(), attributes,
						    &m->busy);
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
