// SPDX-License-Identifier: GPL-2.0-only
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "harness/memcg.h"
#include "harness/text_file.h"

#define ROOT	"/sys/fs/cgroup"

static char directory[64];	/* empty: there is none */

void memcg_open(void)
{
	char text[256];

	/* The system switches the root's controllers on, not a test: the testbed's init does. */
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

	if (!directory[0])
		return;
	snprintf(path, sizeof(path), "%s/cgroup.procs", directory);
	/* A process that cannot be moved is not charged, and nothing is missed. */
	text_file_write(path, "0");
}

bool memcg_stat(char *text, size_t size)
{
	char path[96];

	if (!directory[0])
		return false;
	snprintf(path, sizeof(path), "%s/memory.stat", directory);
	return text_file_read(path, text, size);
}

/* Changes per CPU that the kernel keeps to itself: MEMCG_CHARGE_BATCH. */
#define BATCH	64

void memcg_flush(void)
{
	const size_t page = sysconf(_SC_PAGESIZE);
	const size_t size = BATCH * sysconf(_SC_NPROCESSORS_ONLN) * page;
	size_t i;
	uint8_t *p;
	pid_t pid;

	if (!directory[0])
		return;
	fflush(stdout);
	pid = fork();
	if (!pid) {
		memcg_join();
		p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		for (i = 0; p != MAP_FAILED && i < size; i += page)
			p[i] = 1;
		_exit(0);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

void memcg_close(void)
{
	if (directory[0])
		rmdir(directory);
	directory[0] = 0;
}
