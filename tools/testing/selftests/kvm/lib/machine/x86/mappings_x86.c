// SPDX-License-Identifier: GPL-2.0-only
#include "machine/mappings.h"
#include "machine/statistics.h"

uint64_t mappings_large(const struct vm *vm, uint64_t gpa, unsigned int count)
{
	(void)gpa;
	(void)count;
	return statistics_read(vm, "pages_2m");
}

bool mappings_rejoin(void)
{
	return true;
}
