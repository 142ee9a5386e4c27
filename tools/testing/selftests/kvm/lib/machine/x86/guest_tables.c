// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include "machine/page_table.h"
#include "machine/x86/guest_tables.h"
#include "machine/x86/nested.h"

#define ENTRIES		512u
#define SLOT(gva, shift)	((gva) >> (shift) & (ENTRIES - 1))

static const struct table_format guest_format = {
	.table = PTE_PRESENT | PTE_WRITE | PTE_ACCESSED, .page = PTE_PRESENT,
	.accessed = PTE_ACCESSED, .dirty = PTE_DIRTY,
};

static uint64_t *view(const struct guest_tables *t, uint64_t address)
{
	return vm_control_ptr(t->vm, address);
}

/* @like: tables that map everything else; what is beside @base in its 512 GiB stays, too. */
static void create(struct guest_tables *t, struct vm *vm, uint64_t like, uint64_t base,
		   const struct table_format *format)
{
	const uint64_t pointers = vm_control_alloc(vm, 4096);
	uint64_t beside;

	*t = (struct guest_tables){
		.vm = vm, .base = base, .format = format, .root = vm_control_alloc(vm, 4096),
		.directory = vm_control_alloc(vm, 4096),
		.table = { vm_control_alloc(vm, 4096), vm_control_alloc(vm, 4096) },
	};
	memcpy(view(t, t->root), view(t, like), 4096);
	beside = view(t, t->root)[SLOT(base, 39)];
	if (beside)
		memcpy(view(t, pointers), view(t, beside & PTE_ADDRESS), 4096);
	view(t, t->root)[SLOT(base, 39)] = pointers | format->table;
	view(t, pointers)[SLOT(base, 30)] = t->directory | format->table;
	view(t, t->directory)[SLOT(base, 21)] = t->table[0] | format->table;
}

void guest_tables_create(struct guest_tables *t, struct vm *vm)
{
	create(t, vm, vm->root, GUEST_TABLES_BASE, &guest_format);
	vm->roots = true;
}

void guest_tables_create_nested(struct guest_tables *t, struct vm *vm)
{
	create(t, vm, nested_root(vm), GUEST_TABLES_NESTED, nested_format());
	page_table_map(vm, GUEST_TABLES_BASE, GUEST_TABLES_NESTED,
		       GUEST_TABLES_NESTED + (2ull << 20), guest_format.table,
		       guest_format.table | PTE_DIRTY | PTE_LARGE);
}

uint64_t guest_tables_large(const struct guest_tables *t)
{
	return t->directory + 8 * SLOT(t->base, 21);
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
