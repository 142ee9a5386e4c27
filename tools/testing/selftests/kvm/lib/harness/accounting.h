/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything that a sub-test was given comes back.  Two figures of the kernel are exact to the
 * page where nobody else uses KVM: memory that cannot be evicted, which is what guest_memfd
 * allocates (mapping_set_inaccessible() in include/linux/pagemap.h), and page tables of guests
 * (kvm_account_pgtable_pages() in include/linux/kvm_host.h).  A third figure is what is charged
 * to the sub-tests' own cgroup (memcg.h).  None of them is higher after a sub-test than before.
 *
 * Nothing is changed on the machine for it.  In particular the page cache is not dropped: pages
 * of ordinary files are in none of the figures.
 */
#ifndef ACCOUNTING_H
#define ACCOUNTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum accounting_figure {
	ACCOUNTING_UNEVICTABLE,		/* nr_unevictable of /proc/vmstat */
	ACCOUNTING_PAGE_TABLES,		/* nr_sec_page_table_pages of /proc/vmstat */
	ACCOUNTING_CHARGED,		/* anon, unevictable, sec_pagetables of memory.stat */
	ACCOUNTING_FIGURES
};

struct accounting {
	int64_t pages[ACCOUNTING_FIGURES];	/* -1: this kernel does not say */
	bool exact;		/* debugfs shows that no VM is there to change the figures */
	size_t orphans;		/* VMs whose process is gone */
};

/**
 * accounting_take() - what is in use now
 * @a: filled in; the pages only if the figures are exact
 *
 * Without debugfs, which is root's, nobody knows of other VMs, and the figures are not exact.
 */
void accounting_take(struct accounting *a);

/**
 * accounting_check() - is no more in use than before?
 * @before: as it was
 * @text: filled with what is missing, if anything
 * @size: bytes at @text
 *
 * The kernel frees some things late (RCU, workqueues, pages on their way to a list): what is
 * missing is looked at again for some seconds.
 *
 * Return: false if something is missing; always true if the figures are not exact, for nothing
 * can be said then.
 */
bool accounting_check(const struct accounting *before, char *text, size_t size);

/**
 * accounting_parse() - the figures in the text of /proc/vmstat
 * @a: pages are filled in
 * @vmstat: lines of "NAME VALUE"
 */
void accounting_parse(struct accounting *a, const char *vmstat);

/**
 * accounting_parse_charged() - the figure in the text of a cgroup's memory.stat
 * @a: pages[ACCOUNTING_CHARGED] is filled in
 * @stat: lines of "NAME BYTES" (Documentation/admin-guide/cgroup-v2.rst)
 *
 * "file" does not count: pages of files stay in the page cache when the sub-test is over.
 */
void accounting_parse_charged(struct accounting *a, const char *stat);

/**
 * accounting_compare() - is no more in use after than before?
 * @before: the figures before
 * @after: the figures after
 * @text: filled with what is missing, or empty
 * @size: bytes at @text
 *
 * Return: false if something is missing.
 */
bool accounting_compare(const struct accounting *before, const struct accounting *after,
			char *text, size_t size);

#endif /* ACCOUNTING_H */
