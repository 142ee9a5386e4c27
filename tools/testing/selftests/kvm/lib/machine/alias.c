// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include "harness/verdict.h"
#include "machine/alias.h"

#define PAGES	((AGENT_TEST_GPA_END - AGENT_TEST_GPA) / 4096)

void alias_init(struct vm *vm)
{
	vm->private_pages = calloc(PAGES / 8, 1);
	verdict_require(vm->private_pages, "out of memory");
}

static bool in_test_memory(uint64_t gpa)
{
	return gpa >= AGENT_TEST_GPA && gpa < AGENT_TEST_GPA_END;
}

void alias_note(struct vm *vm, uint64_t gpa, uint64_t size, bool private)
{
	uint64_t at;

	if (!vm->private_pages)
		return;
	for (at = gpa; at < gpa + size && in_test_memory(at); at += 4096) {
		const uint64_t page = (at - AGENT_TEST_GPA) / 4096;
		const uint8_t bit = 1 << page % 8;

		if (private)
			__atomic_fetch_or(&vm->private_pages[page / 8], bit, __ATOMIC_RELAXED);
		else
			__atomic_fetch_and(&vm->private_pages[page / 8], ~bit, __ATOMIC_RELAXED);
	}
}

bool alias_shared(const struct vm *vm, uint64_t gpa)
{
	const uint64_t page = (gpa - AGENT_TEST_GPA) / 4096;

	return vm->private_pages && in_test_memory(gpa) &&
	       !(__atomic_load_n(&vm->private_pages[page / 8], __ATOMIC_RELAXED) >> page % 8 & 1);
}
