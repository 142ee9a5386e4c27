// SPDX-License-Identifier: GPL-2.0-only
#include "machine/arm64/stage2.h"
#include "machine/mappings.h"

uint64_t mappings_large(const struct vm *vm, uint64_t gpa, unsigned int count)
{
	uint64_t large = 0;
	unsigned int i;

	for (i = 0; i < count; i++)
		large += stage2_lookup(vm, gpa + i * MAPPINGS_LARGE).block;
	return large;
}

bool mappings_rejoin(void)
{
	return false;
}
