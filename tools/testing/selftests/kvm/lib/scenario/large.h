/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory in huge pages, or not, in one memslot; and what the guest has written to some of it. */
#ifndef LARGE_H
#define LARGE_H

#include "machine/agent.h"
#include "machine/mappings.h"
#include "machine/memslot.h"

#define LARGE_SIZE	MAPPINGS_LARGE
#define LARGE_COUNT	3u
#define LARGE_BYTES	(LARGE_COUNT * LARGE_SIZE)
#define LARGE_PAGES	(LARGE_SIZE / 4096)

struct large {
	struct vm *vm;
	struct agent *agent;
	struct memslot slot;
	uint8_t *hva;		/* a multiple of 2 MiB */
	void *mapped;
	uint64_t size;		/* of it */
};

enum large_backing { LARGE_ANONYMOUS, LARGE_SHMEM, LARGE_HUGETLB };

/**
 * large_collapse() - have the kernel make huge pages
 * @p: the memory
 *
 * Skips the sub-test if it makes none.
 */
void large_collapse(struct large *p);

/**
 * large_open_on() - create a VM with such memory, and an agent
 * @type: of the VM
 * @backing: of the memory
 * @shift: bytes by which guest and host addresses differ, modulo 2 MiB
 * @huge: in huge pages, else in small ones
 *
 * Return: the memory, from AGENT_TEST_GPA + @shift on.
 */
struct large large_open_on(const struct vm_type *type, enum large_backing backing, uint64_t shift,
			   bool huge);

/**
 * large_open() - the same on anonymous memory
 * @type: of the VM
 * @shift: bytes by which guest and host addresses differ, modulo 2 MiB
 * @huge: in huge pages, else in small ones
 *
 * Return: the memory.
 */
struct large large_open(const struct vm_type *type, uint64_t shift, bool huge);

/**
 * large_close() - give everything back
 * @p: the memory
 */
void large_close(struct large *p);

/**
 * large_token() - what is written to the first page
 * @p: the memory
 * @seq: which time
 *
 * Return: the token; that of page N is N more.
 */
uint64_t large_token(const struct large *p, uint32_t seq);

/**
 * large_touch() - have the guest write to some pages of each large one
 * @p: the memory
 * @seq: which time
 */
void large_touch(struct large *p, uint32_t seq);

/**
 * large_check() - fail unless host and guest find what the guest wrote
 * @p: the memory
 * @seq: which time
 * @when: for people
 */
void large_check(struct large *p, uint32_t seq, const char *when);

/**
 * large_expect() - fail unless KVM has as many large mappings
 * @p: the memory
 * @due: how many
 * @when: for people
 */
void large_expect(const struct large *p, uint64_t due, const char *when);

#endif /* LARGE_H */
