// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include "machine/x86/guest_tables.h"

#define ENTRIES		512u
#define SLOT(gva, shift)	((gva) >> (shift) & (ENTRIES - 1))
#define TO_TABLE	(PTE_PRESENT | PTE_WRITE | PTE_ACCESSED)

static uint64_t *view(const struct guest_tables *t, uint64_t address)
{
	return vm_control_ptr(t->vm, address);
}

void guest_tables_create(struct guest_tables *t, struct vm *vm)
{
	uint64_t pointers = vm_control_alloc(vm, 4096);

	*t = (struct guest_tables){
		.vm = vm, .root = vm_control_alloc(vm, 4096),
		.directory = vm_control_alloc(vm, 4096),
		.table = { vm_control_alloc(vm, 4096), vm_control_alloc(vm, 4096) },
	};
	memcpy(view(t, t->root), view(t, vm->root), 4096);
	view(t, t->root)[SLOT(GUEST_TABLES_BASE, 39)] = pointers | TO_TABLE;
	view(t, pointers)[SLOT(GUEST_TABLES_BASE, 30)] = t->directory | TO_TABLE;
	view(t, t->directory)[SLOT(GUEST_TABLES_BASE, 21)] = t->table[0] | TO_TABLE;
	vm->roots = true;
}

uint64_t guest_tables_large(const struct guest_tables *t)
{
	return t->directory + 8 * SLOT(GUEST_TABLES_BASE, 21);
}

uint64_t guest_tables_small(const struct guest_tables *t, unsigned int which, uint32_t page)
{
	return t->table[which] + 8ull * page;
}

const uint64_t *guest_tables_walk(const struct guest_tables *t, uint32_t page, uint64_t *gpa,
				  bool *writable)
{
	const uint64_t *entry = view(t, guest_tables_large(t));
	const uint64_t large = __atomic_load_n(entry, __ATOMIC_RELAXED);

	if (!(large & PTE_PRESENT))
		return NULL;
	*writable = large & PTE_WRITE;
	if (large & PTE_LARGE) {
		*gpa = (large & PTE_ADDRESS) + 4096ull * page;
		return entry;
	}
	entry = view(t, (large & PTE_ADDRESS) + 8ull * page);
	*gpa = *entry & PTE_ADDRESS;
	*writable &= !!(*entry & PTE_WRITE);
	return *entry & PTE_PRESENT ? entry : NULL;
}
