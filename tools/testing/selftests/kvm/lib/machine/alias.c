// SPDX-License-Identifier: GPL-2.0-only
#include "machine/alias.h"

#define PAGES	((AGENT_TEST_GPA_END - AGENT_TEST_GPA) / 4096)

void alias_init(struct vm *vm)
{
	const uint64_t bits = vm_control_alloc(vm, PAGES / 8);

	vm->private_pages = vm_control_ptr(vm, bits);
	vm_control(vm)->private_pages = bits;
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
	return agent_alias(vm->private_pages, gpa) == AGENT_ALIAS_SHARED;
}

bool alias_other(const struct vm *vm, uint64_t gpa, bool private)
{
	return vm->private_pages && in_test_memory(gpa) && alias_shared(vm, gpa) == private;
}
