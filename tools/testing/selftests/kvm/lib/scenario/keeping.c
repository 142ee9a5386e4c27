// SPDX-License-Identifier: GPL-2.0-only
#include "abi/array.h"
#include "memory/memory_operation.h"
#include "scenario/keeping.h"

static const enum operation_id keeping[] = {
	OP_OTHER_SLOT, OP_BIND, OP_PAGE_OUT, OP_FORK, OP_SLOT_LOG, OP_DIRTY_LOG, OP_VCPU_CREATE,
};

uint64_t keeping_do(struct memory *m, struct prng *prng)
{
	const enum operation_id id = keeping[prng_below(prng, ARRAY_SIZE(keeping))];
	const uint32_t first = prng_below(prng, m->pages);
	const uint32_t pages = 1 + prng_below(prng, m->pages - first);

	if (!(operation_get(id)->memory >> m->kind & 1) || memory_lacks(m, id))
		return 0;
	if (memory_do(m, id, first, pages))
		return 0;
	if (memory_undoes(id))
		memory_undo(m, id, first, pages);
	return 1;
}
