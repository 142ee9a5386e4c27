// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "memcg.h"

#define ROOT	"/sys/fs/cgroup"

static char directory[64];	/* empty: there is none */

static bool read_all(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	ssize_t n;

	while (fd >= 0 && used < size - 1 && (n = read(fd, text + used, size - 1 - used)) > 0)
		used += n;
	text[used] = 0;
	if (fd >= 0)
		close(fd);
	return used;
}

void memcg_open(void)
{
	char text[256];

	/* The root's controllers are for the system to switch on: the testbed's init does. */
	if (!read_all(ROOT "/cgroup.subtree_control", text, sizeof(text)) ||
	    !strstr(text, "memory"))
		return;
	snprintf(directory, sizeof(directory), ROOT "/kvm-gmem-%d", getpid());
	if (mkdir(directory, 0755))
		directory[0] = 0;
}

void memcg_join(void)
{
	char path[96];
	int fd;

	if (!directory[0])
		return;
	snprintf(path, sizeof(path), "%s/cgroup.procs", directory);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	/* Whoever cannot be moved is not charged, and nothing is missed. */
	if (fd >= 0)
		(void)!write(fd, "0", 1);
	close(fd);
}

bool memcg_stat(char *text, size_t size)
{
	char path[96];

	if (!directory[0])
		return false;
	snprintf(path, sizeof(path), "%s/memory.stat", directory);
	return read_all(path, text, size);
}

void memcg_close(void)
{
	if (directory[0])
		rmdir(directory);
	directory[0] = 0;
}
