// SPDX-License-Identifier: GPL-2.0-only
#include "x86/page_table.h"

/* Intel SDM, volume 3, 4.5; AMD APM, volume 2, 5.3. */
#define PTE_PRESENT	(1ull << 0)
#define PTE_WRITABLE	(1ull << 1)
#define PTE_ACCESSED	(1ull << 5)
#define PTE_DIRTY	(1ull << 6)
#define PTE_LARGE	(1ull << 7)
#define PTE_ADDRESS	0x000ffffffffff000ull

#define TABLE_FLAGS	(PTE_PRESENT | PTE_WRITABLE | PTE_ACCESSED)
#define LEAF_FLAGS	(TABLE_FLAGS | PTE_DIRTY | PTE_LARGE)
#define LEAF_SIZE	(2ull << 20)

/* The entry of @gva in @table, whose entries cover 2^shift bytes each. */
static uint64_t *entry(struct vm *vm, uint64_t table, uint64_t gva, int shift)
{
	return (uint64_t *)vm_control_ptr(vm, table) + (gva >> shift & 511);
}

static uint64_t next_table(struct vm *vm, uint64_t table, uint64_t gva, int shift)
{
	uint64_t *e = entry(vm, table, gva, shift);

	if (!*e)
		*e = vm_control_alloc(vm, 4096) | TABLE_FLAGS;
	return *e & PTE_ADDRESS;
}

static void map(struct vm *vm, uint64_t gva, uint64_t gpa, uint64_t end)
{
	for (; gpa < end; gpa += LEAF_SIZE, gva += LEAF_SIZE) {
		uint64_t table = next_table(vm, vm->root, gva, 39);

		table = next_table(vm, table, gva, 30);
		*entry(vm, table, gva, 21) = gpa | LEAF_FLAGS;
	}
}

void page_table_init(struct vm *vm)
{
	vm->root = vm_control_alloc(vm, 4096);
	map(vm, 0, 0, AGENT_CONTROL_GPA + AGENT_CONTROL_SIZE);
	map(vm, AGENT_ALIAS_PRIVATE + AGENT_TEST_GPA, AGENT_TEST_GPA, AGENT_TEST_GPA_END);
	map(vm, AGENT_ALIAS_SHARED + AGENT_TEST_GPA, AGENT_TEST_GPA, AGENT_TEST_GPA_END);
}
