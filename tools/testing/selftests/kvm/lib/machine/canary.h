/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Freed memory, seen from outside: allocate the pages that somebody just freed and
 * watch them.  Whoever still writes there writes through a stale mapping.
 */
#ifndef CANARY_H
#define CANARY_H

#include <stdint.h>
#include "harness/verdict.h"
#include "machine/vm.h"

/* A catcher: a shared guest_memfd of a VM of its own, mapped by the host. */
struct canary {
	struct vm *vm;
	int fd;
	uint64_t *words;
	uint64_t *caught;	/* what the words held when they were caught */
	uint64_t size;		/* bytes */
};

/**
 * canary_catcher() - prepare to catch freed pages
 * @pages: how many
 *
 * Return: the catcher; NULL if the kernel has no guest_memfd that the host can map.
 */
struct canary *canary_catcher(unsigned int pages);

/**
 * canary_catch() - allocate the pages now
 * @c: the catcher
 *
 * Called on the CPU that freed those to be caught, as its free list hands them out again.
 */
void canary_catch(struct canary *c);

/**
 * canary_check() - look at the pages that were caught
 * @c: a catcher that has caught
 * @value: set to the first foreign value
 *
 * Return: VERDICT_STALE_MAPPING if a word has changed since it was caught: somebody wrote to it;
 * VERDICT_NOT_SCRUBBED if none has, and one was not zero even then, which the page may have
 * brought along; VERDICT_NONE if all are zero.
 */
enum verdict_class canary_check(const struct canary *c, uint64_t *value);

/**
 * canary_release() - give the pages back
 * @c: the catcher
 */
void canary_release(struct canary *c);

/**
 * canary_destroy() - close the catcher and its VM
 * @c: the catcher
 */
void canary_destroy(struct canary *c);

#endif /* CANARY_H */
