/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Freed memory, seen from outside: allocate the pages that somebody just freed and
 * watch them.  Whoever still writes there writes through a stale mapping.
 */
#ifndef CANARY_H
#define CANARY_H

#include <stdbool.h>
#include <stdint.h>
#include "machine/vm.h"

/* A catcher: a shared guest_memfd of a VM of its own, mapped by the host. */
struct canary {
	struct vm *vm;
	int fd;
	uint64_t *words;
	uint64_t size;		/* bytes */
};

/**
 * canary_catcher() - prepare to catch freed pages
 * @pages: how many
 *
 * Return: NULL if the kernel has no guest_memfd that the host can map.
 */
struct canary *canary_catcher(unsigned int pages);

/* Allocate the pages now. Call it on the CPU that freed those to be caught. */
void canary_catch(struct canary *c);

/**
 * canary_check() - has anybody written to a caught page?
 * @c: a catcher that has caught
 * @value: set to the first foreign value
 *
 * Return: true if so.
 */
bool canary_check(const struct canary *c, uint64_t *value);

/* Give the pages back. */
void canary_release(struct canary *c);

/* Close the catcher and its VM. */
void canary_destroy(struct canary *c);

#endif /* CANARY_H */
