// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include "scenario/x86/legacy_tables.h"

#define TOP_INDEX	(LEGACY_BASE >> 30)		/* PAE: of four */
#define DIRECTORY_INDEX	(LEGACY_BASE >> 22)		/* 32-bit: of 1024 */
#define ENTRY_BITS	(PTE_PRESENT | PTE_WRITE | PTE_ACCESSED | PTE_DIRTY)

static uint64_t large_size(const struct legacy_tables *t)
{
	return t->pae ? 2ull << 20 : 4ull << 20;
}

static uint64_t entry_get(const struct legacy_tables *t, uint64_t address)
{
	const void *entry = vm_control_ptr(t->vm, address);

	return t->pae ? __atomic_load_n((const uint64_t *)entry, __ATOMIC_SEQ_CST) :
			__atomic_load_n((const uint32_t *)entry, __ATOMIC_SEQ_CST);
}

static void entry_put(const struct legacy_tables *t, uint64_t table, uint32_t index,
		      uint64_t value)
{
	memcpy((uint8_t *)vm_control_ptr(t->vm, table) + index * (t->pae ? 8 : 4), &value,
	       t->pae ? 8 : 4);
}

/* The control memslot, at itself, by large pages. */
static void map_control(const struct legacy_tables *t, uint64_t directory)
{
	const uint64_t end = AGENT_CONTROL_GPA + AGENT_CONTROL_SIZE;
	uint64_t gpa;

	for (gpa = 0; gpa < end; gpa += large_size(t))
		entry_put(t, directory, gpa / large_size(t), gpa | ENTRY_BITS | PTE_LARGE);
}

void legacy_tables_create(struct legacy_tables *t, struct vm *vm, bool pae)
{
	const uint64_t low = vm_control_alloc(vm, 4096);
	unsigned int i;

	*t = (struct legacy_tables){
		.vm = vm, .pae = pae,
		.table = { vm_control_alloc(vm, 4096), vm_control_alloc(vm, 4096) },
	};
	map_control(t, low);
	for (i = 0; i < LEGACY_ROOTS; i++) {
		t->directory[i] = t->root[i] = vm_control_alloc(vm, 4096);
		if (pae) {
			t->directory[i] = vm_control_alloc(vm, 4096);
			/* All but the address and "present" is reserved. */
			entry_put(t, t->root[i], 0, low | PTE_PRESENT);
			entry_put(t, t->root[i], TOP_INDEX, t->directory[i] | PTE_PRESENT);
		} else {
			map_control(t, t->directory[i]);
		}
		entry_put(t, t->directory[i], pae ? 0 : DIRECTORY_INDEX, t->table[i] | ENTRY_BITS);
	}
}

uint32_t legacy_tables_pages(const struct legacy_tables *t)
{
	return t->pae ? 512 : 1024;
}

uint64_t legacy_tables_top(const struct legacy_tables *t, unsigned int root)
{
	return t->root[root] + 8 * TOP_INDEX;
}

uint64_t legacy_tables_upper(const struct legacy_tables *t, unsigned int directory)
{
	return t->directory[directory] + (t->pae ? 0 : 4 * DIRECTORY_INDEX);
}

uint64_t legacy_tables_small(const struct legacy_tables *t, unsigned int table, uint32_t page)
{
	return t->table[table] + (t->pae ? 8 : 4) * page;
}

struct legacy_leaf legacy_tables_walk(const struct legacy_tables *t, unsigned int root,
				      uint32_t page)
{
	struct legacy_leaf leaf = { .writable = true };
	uint64_t upper = t->root[root] + 4 * DIRECTORY_INDEX;

	if (t->pae) {
		const uint64_t top = entry_get(t, legacy_tables_top(t, root));

		if (!(top & PTE_PRESENT))
			return leaf;
		upper = top & PTE_ADDRESS;
	}
	leaf.entry = entry_get(t, upper);
	if (!(leaf.entry & PTE_PRESENT))
		return leaf;
	leaf.writable = leaf.entry & PTE_WRITE;
	leaf.gpa = (leaf.entry & PTE_ADDRESS & -large_size(t)) + 4096ull * page;
	if (leaf.entry & PTE_LARGE) {
		leaf.present = true;
		return leaf;
	}
	leaf.entry = entry_get(t, (leaf.entry & PTE_ADDRESS) + (t->pae ? 8 : 4) * page);
	leaf.present = leaf.entry & PTE_PRESENT;
	leaf.writable &= !!(leaf.entry & PTE_WRITE);
	leaf.gpa = leaf.entry & PTE_ADDRESS;
	return leaf;
}
