// SPDX-License-Identifier: GPL-2.0-only
#include "machine/page_table.h"

#define ENTRY_ADDRESS	0x0000fffffffff000ull
#define LEAF_SIZE	(2ull << 20)

/* The entry of @gva in @table, whose entries cover 2^shift bytes each. */
static uint64_t *entry(struct vm *vm, uint64_t table, uint64_t gva, int shift)
{
	return (uint64_t *)vm_control_ptr(vm, table) + (gva >> shift & 511);
}

static uint64_t next_table(struct vm *vm, uint64_t table, uint64_t gva, int shift, uint64_t bits)
{
	uint64_t *e = entry(vm, table, gva, shift);

	if (!*e)
		*e = vm_table_alloc(vm) | bits;
	return *e & ENTRY_ADDRESS & ~vm->c_mask;
}

void page_table_map(struct vm *vm, uint64_t gva, uint64_t gpa, uint64_t end, uint64_t table,
		    uint64_t leaf)
{
	if (!vm->root)
		vm->root = vm_table_alloc(vm);
	for (; gpa < end; gpa += LEAF_SIZE, gva += LEAF_SIZE) {
		uint64_t next = next_table(vm, vm->root, gva, 39, table);

		next = next_table(vm, next, gva, 30, table);
		*entry(vm, next, gva, 21) = gpa | leaf;
	}
}

void page_table_init(struct vm *vm, uint64_t table, uint64_t leaf)
{
	const uint64_t own = AGENT_CONTROL_GPA + AGENT_OWN_SIZE;

	table |= vm->c_mask;
	page_table_map(vm, 0, 0, own, table, leaf | vm->c_mask);
	page_table_map(vm, own, own, AGENT_CONTROL_GPA + AGENT_CONTROL_SIZE, table,
		       leaf | vm->shared_mask);
	page_table_map(vm, AGENT_ALIAS_PRIVATE + AGENT_TEST_GPA, AGENT_TEST_GPA,
		       AGENT_TEST_GPA_END, table, leaf | vm->c_mask);
	page_table_map(vm, AGENT_ALIAS_SHARED + AGENT_TEST_GPA, AGENT_TEST_GPA,
		       AGENT_TEST_GPA_END, table, leaf | vm->shared_mask);
}
