/* SPDX-License-Identifier: GPL-2.0-only */
/* The dirty log of the control memslot, and in it the pages of page tables. */
#ifndef TABLE_LOG_H
#define TABLE_LOG_H

#include "machine/vm.h"

#define TABLE_LOG_PAGES	16u

/**
 * struct table_log - pages that have to be in the log once they are not what they were
 * @vm: the VM
 * @slot: id of the memslot, in the address space in which agents run
 * @count: of pages
 * @gpa: of each
 * @before: what was in it
 * @harvests: times that the log was read
 * @changed: pages that were not what they were, in all
 */
struct table_log {
	struct vm *vm;
	uint32_t slot;
	unsigned int count;
	uint64_t gpa[TABLE_LOG_PAGES];
	uint8_t before[TABLE_LOG_PAGES][4096];
	uint64_t harvests, changed;
};

/**
 * table_log_start() - log the control memslot
 * @l: filled in, without pages
 * @vm: the VM, of 4096-byte pages
 */
void table_log_start(struct table_log *l, struct vm *vm);

/**
 * table_log_add() - look at a page
 * @l: the log
 * @gpa: of the page, in the control memslot
 */
void table_log_add(struct table_log *l, uint64_t gpa);

/**
 * table_log_judge() - read the log, and fail if a page has changed since and is not in it
 * @l: the log; no vCPU runs
 * @since: what was done, for people
 */
void table_log_judge(struct table_log *l, const char *since);

#endif /* TABLE_LOG_H */
