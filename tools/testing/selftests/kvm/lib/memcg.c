// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "memcg.h"
#include "text_file.h"

#define ROOT	"/sys/fs/cgroup"

static char directory[64];	/* empty: there is none */

void memcg_open(void)
{
	char text[256];

	/* The root's controllers are for the system to switch on: the testbed's init does. */
	if (!text_file_read(ROOT "/cgroup.subtree_control", text, sizeof(text)) ||
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
	if (fd < 0)
		return;
	(void)!write(fd, "0", 1);
	close(fd);
}

bool memcg_stat(char *text, size_t size)
{
	char path[96];

	if (!directory[0])
		return false;
	snprintf(path, sizeof(path), "%s/memory.stat", directory);
	return text_file_read(path, text, size);
}

void memcg_close(void)
{
	if (directory[0])
		rmdir(directory);
	directory[0] = 0;
}
