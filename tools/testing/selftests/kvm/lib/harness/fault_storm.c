// SPDX-License-Identifier: GPL-2.0-only
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include "harness/fault_storm.h"

/* Of all VMs of the process. */
static uint64_t counted(pid_t pid, const char *name)
{
	char pattern[80], line[32];
	uint64_t sum = 0;
	glob_t files;
	size_t i;

	snprintf(pattern, sizeof(pattern), "/sys/kernel/debug/kvm/%d-*/%s", pid, name);
	if (glob(pattern, 0, NULL, &files))
		return 0;
	for (i = 0; i < files.gl_pathc; i++) {
		FILE *f = fopen(files.gl_pathv[i], "re");

		if (f && fgets(line, sizeof(line), f))
			sum += strtoull(line, NULL, 10);
		if (f)
			fclose(f);
	}
	globfree(&files);
	return sum;
}

bool fault_storm_rages(pid_t pid, struct fault_storm *since, bool begin)
{
	const struct fault_storm now = { counted(pid, "pf_taken"), counted(pid, "pf_fixed") };

	if (begin || now.fixed != since->fixed || now.taken < since->taken)
		*since = now;
	return now.taken - since->taken >= FAULT_STORM;
}
