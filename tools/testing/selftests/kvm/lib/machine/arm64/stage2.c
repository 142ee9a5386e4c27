// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "harness/verdict.h"
#include "machine/arm64/pkvm.h"
#include "machine/arm64/stage2.h"

static FILE *dump_open(const struct vm *vm)
{
	char path[100];
	FILE *f;

	/* What the host has there is not what the CPU walks. */
	if (pkvm_enabled())
		verdict_skip("stage 2 is the hypervisor's own (kvm-arm.mode=protected)");
	snprintf(path, sizeof(path), "/sys/kernel/debug/kvm/%d-%d/stage2_page_tables", getpid(),
		 vm->fd);
	f = fopen(path, "r");
	if (!f)
		verdict_skip("stage 2 cannot be looked at (%s: %m)", path);
	return f;
}

/* A line is "0xFIRST-0xEND  SIZE LEVEL  FLAGS"; FLAGS of what is not mapped are missing. */
struct stage2_entry stage2_lookup(const struct vm *vm, uint64_t gpa)
{
	struct stage2_entry entry = { 0 };
	FILE *f = dump_open(vm);
	char line[200];

	while (fgets(line, sizeof(line), f)) {
		unsigned long long first, end;
		int at = 0;

		if (sscanf(line, "0x%llx-0x%llx %*s %*d%n", &first, &end, &at) < 2 ||
		    gpa < first || gpa >= end)
			continue;
		entry.mapped = strchr(line + at, 'R');
		entry.writable = strchr(line + at, 'W');
		entry.block = strstr(line + at, "BLK");
	}
	fclose(f);
	return entry;
}
