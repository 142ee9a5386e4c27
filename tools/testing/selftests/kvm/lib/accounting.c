// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "accounting.h"

/* How often, and after how many milliseconds, a figure that is too high is looked at again. */
#define LOOKS		500
#define LOOK_MS		10

static const struct {
	const char *line;	/* in /proc/vmstat */
	const char *name;
} figures[ACCOUNTING_FIGURES] = {
	[ACCOUNTING_UNEVICTABLE] = { "nr_unevictable ", "pages of unevictable memory" },
	[ACCOUNTING_PAGE_TABLES] = { "nr_sec_page_table_pages ", "pages of guests' page tables" },
};

static void file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	/* Best effort: without the right to do so the figures come a little later. */
	(void)!write(fd, text, strlen(text));
	close(fd);
}

static void file_read(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t used = 0;
	ssize_t n;

	while (fd >= 0 && used < size - 1 && (n = read(fd, text + used, size - 1 - used)) > 0)
		used += n;
	text[used] = 0;
	if (fd >= 0)
		close(fd);
}

void accounting_parse(struct accounting *a, const char *vmstat)
{
	unsigned int i;

	for (i = 0; i < ACCOUNTING_FIGURES; i++) {
		const char *at = strstr(vmstat, figures[i].line);

		while (at && at != vmstat && at[-1] != '\n')
			at = strstr(at + 1, figures[i].line);
		a->pages[i] = at ? strtoll(at + strlen(figures[i].line), NULL, 10) : -1;
	}
}

#define VM_DIRECTORIES	"/sys/kernel/debug/kvm/"

/* debugfs has a directory PID-FD for each VM: how many; and of those whose process is gone. */
static size_t count_vms(size_t *orphans)
{
	size_t i, count = 0;
	glob_t vms;

	*orphans = 0;
	if (glob(VM_DIRECTORIES "[0-9]*-*", GLOB_ONLYDIR, NULL, &vms))
		return 0;
	count = vms.gl_pathc;
	for (i = 0; i < count; i++) {
		pid_t pid = atoi(vms.gl_pathv[i] + strlen(VM_DIRECTORIES));

		*orphans += kill(pid, 0) && errno == ESRCH;
	}
	globfree(&vms);
	return count;
}

void accounting_take(struct accounting *a)
{
	static char vmstat[32768];

	a->exact = !access(VM_DIRECTORIES, F_OK) && !count_vms(&a->orphans);
	if (!a->exact)
		return;
	/* CPUs count for themselves, and tell now and then: have them tell now. */
	file_read("/proc/sys/vm/stat_refresh", vmstat, sizeof(vmstat));
	file_read("/proc/vmstat", vmstat, sizeof(vmstat));
	accounting_parse(a, vmstat);
}

bool accounting_compare(const struct accounting *before, const struct accounting *after,
			char *text, size_t size)
{
	unsigned int i;

	text[0] = 0;
	for (i = 0; i < ACCOUNTING_FIGURES; i++) {
		size_t used = strlen(text);

		if (before->pages[i] < 0 || after->pages[i] <= before->pages[i])
			continue;
		snprintf(text + used, size - used, "%s%lld %s are not given back",
			 used ? ", " : "", (long long)(after->pages[i] - before->pages[i]),
			 figures[i].name);
	}
	return !text[0];
}

bool accounting_check(const struct accounting *before, char *text, size_t size)
{
	struct accounting after;
	unsigned int look;

	text[0] = 0;
	for (look = 0; before->exact && look < LOOKS; look++) {
		accounting_take(&after);
		if (after.exact && accounting_compare(before, &after, text, size))
			return true;
		/* Pages on their way to a list of the kernel's get there; 4: without a message. */
		file_write("/proc/sys/vm/drop_caches", "5");
		usleep(1000 * LOOK_MS);
	}
	if (!before->exact)
		return true;
	/* Somebody else has started a VM meanwhile: nothing can be said. */
	if (!after.exact && !after.orphans)
		return true;
	if (!after.exact)
		snprintf(text, size, "%zu VMs are still there although their processes are gone",
			 after.orphans);
	return false;
}
