// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "harness/accounting.h"
#include "harness/memcg.h"
#include "harness/text_file.h"

/* How often figures that are too high are looked at, and milliseconds from look to look. */
#define LOOKS		500
#define LOOK_MS		10
/* Every so many looks the kernel is made to bring the cgroup's figures up to date. */
#define FLUSH_LOOKS	20

static const struct {
	const char *line;	/* in /proc/vmstat, if it is from there */
	const char *name;
} figures[ACCOUNTING_FIGURES] = {
	[ACCOUNTING_UNEVICTABLE] = { "nr_unevictable ", "pages of unevictable memory" },
	[ACCOUNTING_PAGE_TABLES] = { "nr_sec_page_table_pages ", "pages of guests' page tables" },
	[ACCOUNTING_CHARGED] = { NULL, "pages charged to its cgroup" },
};

/* The number behind @name at the beginning of a line, -1 if there is none. */
static int64_t number_of(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	while (at && at != text && at[-1] != '\n')
		at = strstr(at + 1, name);
	return at ? strtoll(at + strlen(name), NULL, 10) : -1;
}

void accounting_parse(struct accounting *a, const char *vmstat)
{
	unsigned int i;

	for (i = 0; i < ACCOUNTING_FIGURES; i++)
		a->pages[i] = figures[i].line ? number_of(vmstat, figures[i].line) : -1;
}

void accounting_parse_charged(struct accounting *a, const char *stat)
{
	const int64_t anon = number_of(stat, "anon "), gmem = number_of(stat, "unevictable ");
	const int64_t tables = number_of(stat, "sec_pagetables ");

	a->pages[ACCOUNTING_CHARGED] = -1;
	if (anon >= 0 && gmem >= 0 && tables >= 0)
		a->pages[ACCOUNTING_CHARGED] = (anon + gmem + tables) / sysconf(_SC_PAGESIZE);
}

#define VM_DIRECTORIES	"/sys/kernel/debug/kvm/"

/*
 * debugfs has a directory PID-FD for each VM (kvm_create_vm_debugfs() in virt/kvm/kvm_main.c).
 * Counts them, and apart from that those whose process is gone.  A VM of init does not count:
 * the testbed's init may hold one that nobody uses.
 */
static size_t count_vms(size_t *orphans)
{
	size_t i, count = 0, found;
	glob_t vms;

	*orphans = 0;
	if (glob(VM_DIRECTORIES "[0-9]*-*", GLOB_ONLYDIR, NULL, &vms))
		return 0;
	found = vms.gl_pathc;
	for (i = 0; i < found; i++) {
		pid_t pid = atoi(vms.gl_pathv[i] + strlen(VM_DIRECTORIES));

		count += pid != 1;
		*orphans += kill(pid, 0) && errno == ESRCH;
	}
	globfree(&vms);
	return count;
}

void accounting_take(struct accounting *a)
{
	static char vmstat[32768];

	a->orphans = 0;
	a->exact = !access(VM_DIRECTORIES, F_OK) && !count_vms(&a->orphans);
	if (!a->exact)
		return;
	/* Each CPU counts changes by itself for a while; reading this file adds them up. */
	text_file_read("/proc/sys/vm/stat_refresh", vmstat, sizeof(vmstat));
	text_file_read("/proc/vmstat", vmstat, sizeof(vmstat));
	accounting_parse(a, vmstat);
	if (memcg_stat(vmstat, sizeof(vmstat)))
		accounting_parse_charged(a, vmstat);
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

/* Look until nothing is missing or LOOKS are over; the last look is in @after. */
static bool comes_back(const struct accounting *before, struct accounting *after, char *text,
		       size_t size)
{
	unsigned int look;

	for (look = 0; look < LOOKS; look++) {
		accounting_take(after);
		if (after->exact && accounting_compare(before, after, text, size))
			return true;
		if (look % FLUSH_LOOKS == 0)
			memcg_flush();
		usleep(1000 * LOOK_MS);
	}
	return false;
}

bool accounting_check(const struct accounting *before, char *text, size_t size)
{
	struct accounting after;

	text[0] = 0;
	if (!before->exact || comes_back(before, &after, text, size))
		return true;
	/* The last look still finds more in use: @text says how much. */
	if (after.exact)
		return false;
	/* Another process has started a VM meanwhile, and its memory is in the figures. */
	if (!after.orphans)
		return true;
	snprintf(text, size, "%zu VMs are still there although their processes are gone",
		 after.orphans);
	return false;
}
