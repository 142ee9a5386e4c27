// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>
#include "harness/resident.h"

static bool touches(uint64_t start, uint64_t end, const struct resident_range *skip,
		    unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (start < skip[i].end && skip[i].start < end)
			return true;
	return false;
}

uint64_t resident_sum(FILE *smaps, const struct resident_range *skip, unsigned int count)
{
	unsigned long long start, end, kib;
	uint64_t sum = 0;
	bool skipped = true;
	char line[512];

	while (fgets(line, sizeof(line), smaps)) {
		if (sscanf(line, "%llx-%llx ", &start, &end) == 2)
			skipped = touches(start, end, skip, count);
		else if (!skipped && sscanf(line, "Anonymous: %llu kB", &kib) == 1)
			sum += kib * 1024;
	}
	return sum;
}

uint64_t resident_without(const struct resident_range *skip, unsigned int count)
{
	FILE *f = fopen("/proc/self/smaps", "re");
	uint64_t sum = f ? resident_sum(f, skip, count) : 0;

	if (f)
		fclose(f);
	return sum;
}
