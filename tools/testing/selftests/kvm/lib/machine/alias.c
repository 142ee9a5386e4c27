// SPDX-License-Identifier: GPL-2.0-only
#include "machine/alias.h"

#define PAGES	((AGENT_TEST_GPA_END - AGENT_TEST_GPA) / 4096)

void alias_init(struct vm *vm)
{
	const uint64_t bits = vm_control_alloc(vm, PAGES / 8);

	vm->private_pages = vm_control_ptr(vm, bits);
	vm_control(vm)->private_pages = bits;
	if (!vm->type->encrypted)
		vm->pending_pages = vm_control_ptr(vm, vm_control_alloc(vm, PAGES / 8));
}

static bool in_test_memory(uint64_t gpa)
{
	return gpa >= AGENT_TEST_GPA && gpa < AGENT_TEST_GPA_END;
}

/* Return: what it was. */
static bool set_bit(uint8_t *bits, uint64_t page, bool value)
{
	const uint8_t bit = 1 << page % 8;

	if (value)
		return __atomic_fetch_or(&bits[page / 8], bit, __ATOMIC_RELAXED) & bit;
	return __atomic_fetch_and(&bits[page / 8], ~bit, __ATOMIC_RELAXED) & bit;
}

void alias_note(struct vm *vm, uint64_t gpa, uint64_t size, bool private)
{
	uint64_t at;

	if (!vm->private_pages)
		return;
	for (at = gpa; at < gpa + size && in_test_memory(at); at += 4096) {
		const uint64_t page = (at - AGENT_TEST_GPA) / 4096;

		if (set_bit(vm->private_pages, page, private) != private && vm->pending_pages)
			set_bit(vm->pending_pages, page, private);
	}
}

bool alias_shared(const struct vm *vm, uint64_t gpa)
{
	return agent_alias(vm->private_pages, gpa) == AGENT_ALIAS_SHARED;
}

/* Where TDX is played both lead to the same page, and a fault does not tell the alias. */
bool alias_other(const struct vm *vm, uint64_t gpa, bool private)
{
	return vm->type->encrypted && vm->private_pages && in_test_memory(gpa) &&
	       alias_shared(vm, gpa) == private;
}

bool alias_accept(struct vm *vm, uint64_t gpa)
{
	return set_bit(vm->pending_pages, (gpa - AGENT_TEST_GPA) / 4096, false);
}
