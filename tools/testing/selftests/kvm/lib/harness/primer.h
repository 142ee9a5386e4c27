/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Priming the free lists: fill many pages of the kind that guest_memfd allocates with
 * a pattern and free them, so that a page that KVM forgets to clear shows it.
 *
 * guest_memfd pages are unmovable, and the allocator keeps unmovable pages apart from
 * movable ones, so anonymous memory would prime the wrong lists; the pages of a pipe
 * are unmovable, can be filled from userspace, and need no privilege.
 */
#ifndef PRIMER_H
#define PRIMER_H

#include <stdbool.h>
#include <stdint.h>

/* Is the value of the pattern that primer_spread() leaves behind? */
bool primer_is(uint64_t value);

/**
 * primer_spread() - leave free pages full of the pattern
 * @pages: how many; the calling thread's CPU gets them back first
 *
 * Stay on the CPU (nodes_pin()) until the memory under test is allocated.
 */
void primer_spread(unsigned int pages);

#endif /* PRIMER_H */
