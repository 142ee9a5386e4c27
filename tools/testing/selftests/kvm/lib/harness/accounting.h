/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything that a sub-test was given comes back.  Two figures of the kernel are exact to the
 * page where nobody else uses KVM: memory that cannot be evicted, which is what guest_memfd
 * allocates, and page tables of guests.  A third one is what is charged to the sub-tests' own
 * cgroup (memcg.h).  Before and after a sub-test they have to be equal.
 */
#ifndef ACCOUNTING_H
#define ACCOUNTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum accounting_figure {
	ACCOUNTING_UNEVICTABLE,		/* nr_unevictable of /proc/vmstat, in pages */
	ACCOUNTING_PAGE_TABLES,		/* nr_sec_page_table_pages */
	ACCOUNTING_CHARGED,		/* to the cgroup: anon, unevictable, sec_pagetables */
	ACCOUNTING_FIGURES
};

struct accounting {
	int64_t pages[ACCOUNTING_FIGURES];	/* -1: this kernel does not say */
	bool exact;		/* there is no VM that could change the figures */
	size_t orphans;		/* VMs whose process is gone */
};

/* What is in use now. */
void accounting_take(struct accounting *a);

/**
 * accounting_check() - is no more in use than before?
 * @before: as it was
 * @text: what is missing, if anything
 * @size: bytes at @text
 *
 * The kernel frees some things late (RCU, workqueues, pages on their way to a list): what is
 * missing is looked at again for some seconds.  Always true if the figures are not exact.
 */
bool accounting_check(const struct accounting *before, char *text, size_t size);

/**
 * accounting_parse() - the figures in the text of /proc/vmstat
 * @a: pages are filled in
 * @vmstat: lines of "NAME VALUE"
 */
void accounting_parse(struct accounting *a, const char *vmstat);

/**
 * accounting_parse_charged() - the same from a cgroup's memory.stat
 * @a: pages[ACCOUNTING_CHARGED] is filled in
 * @stat: lines of "NAME BYTES"; files stay in the page cache, and do not count
 */
void accounting_parse_charged(struct accounting *a, const char *stat);

/* Compare two; false and what is missing in @text, if something is. */
bool accounting_compare(const struct accounting *before, const struct accounting *after,
			char *text, size_t size);

#endif /* ACCOUNTING_H */
