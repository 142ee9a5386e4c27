// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include "harness/blocked.h"

/* State and CPU time of one thread; false if it is gone.  Its name may have anything in it. */
static bool thread_look(pid_t pid, const char *task, char *state, uint64_t *ticks)
{
	unsigned long long user = 0, kernel = 0;
	char path[300], line[1000];
	const char *rest = NULL;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%s/stat", pid, task);
	f = fopen(path, "re");
	if (f && fgets(line, sizeof(line), f))
		rest = strrchr(line, ')');
	if (f)
		fclose(f);
	if (!rest || sscanf(rest, ") %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu",
			    state, &user, &kernel) != 3)
		return false;
	*ticks += user + kernel;
	return true;
}

bool blocked_still(pid_t pid, uint64_t *ticks)
{
	bool asleep = true, blocked = false;
	const uint64_t before = *ticks;
	struct dirent *e;
	char path[64], state;
	DIR *d;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	d = opendir(path);
	*ticks = 0;
	while (d && (e = readdir(d))) {
		if (e->d_name[0] == '.' || !thread_look(pid, e->d_name, &state, ticks))
			continue;
		asleep &= state == 'S' || state == 'D';
		blocked |= state == 'D';
	}
	if (d)
		closedir(d);
	return asleep && blocked && *ticks == before;
}
