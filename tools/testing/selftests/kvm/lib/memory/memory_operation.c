// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include "harness/verdict.h"
#include "memory/parts.h"

static const struct row {
	memory_operation_fn *run, *undo, *prepare;
	memory_lacks_fn *lacks;
} rows[OPERATIONS] = {
#define OPERATION(id, run_fn, undo_fn, prepare_fn, lacks_fn, ...)				\
	[OP_##id] = { memory_##run_fn, memory_##undo_fn, memory_##prepare_fn, memory_##lacks_fn },
#include "plan/operations.h"
#undef OPERATION
};

bool memory_used_up(const struct memory *m, enum operation_id id)
{
	const unsigned int limit = operation_get(id)->limit;

	return limit && __atomic_load_n(&m->made[id], __ATOMIC_RELAXED) >= limit;
}

int memory_do(struct memory *m, enum operation_id id, uint32_t first, uint32_t pages)
{
	if (memory_used_up(m, id))
		return -EAGAIN;
	return rows[id].run(m, first, pages);
}

void memory_undo(struct memory *m, enum operation_id id, uint32_t first, uint32_t pages)
{
	int r = rows[id].undo ? rows[id].undo(m, first, pages) : 0;

	if (r)
		verdict_fail(VERDICT_SETUP, "%s cannot be undone: %s", operation_get(id)->name,
			     strerror(-r));
}

bool memory_undoes(enum operation_id id)
{
	return rows[id].undo;
}

enum operation_id memory_prepare(enum operation_id id)
{
	enum operation_id other;

	for (other = 0; other < OPERATIONS; other++)
		if (rows[id].prepare && rows[other].run == rows[id].prepare)
			break;
	return other;
}

const char *memory_lacks(const struct memory *m, enum operation_id id)
{
	return rows[id].lacks ? rows[id].lacks(m) : NULL;
}
