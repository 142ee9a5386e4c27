// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <sys/mman.h>
#include "harness/verdict.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "scenario/x86/bare_memory.h"

struct memslot bare_memory_add(struct vm *vm, uint64_t gpa, uint64_t size)
{
	struct memslot slot = {
		.id = 1, .flags = KVM_MEM_GUEST_MEMFD, .gpa = gpa, .size = size,
		.hva = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
		.gmem = gmem_create(vm, size, 0),
	};

	verdict_require(slot.hva != MAP_FAILED, "mmap");
	memset(slot.hva, 0x5a, size);
	memslot_set(vm, &slot);
	attributes_set(vm, gpa, size, KVM_MEMORY_ATTRIBUTE_PRIVATE);
	return slot;
}
