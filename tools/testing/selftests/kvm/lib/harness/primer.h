/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Priming the free lists: fill many pages of the kind that guest_memfd allocates with
 * a pattern and free them, so that a page that KVM forgets to clear shows it.
 *
 * guest_memfd allocates unmovable pages (GFP_HIGHUSER: __kvm_gmem_create() in
 * virt/kvm/guest_memfd.c), and the allocator keeps unmovable pages apart from movable ones, so
 * anonymous memory would prime the wrong lists.  The pages of a pipe are allocated likewise
 * (fs/pipe.c), can be filled from userspace, and need no privilege.
 */
#ifndef PRIMER_H
#define PRIMER_H

#include <stdbool.h>
#include <stdint.h>

/**
 * primer_is() - is a value of the pattern that primer_spread() leaves behind?
 * @value: what was read
 *
 * Return: whether it is.
 */
bool primer_is(uint64_t value);

/**
 * primer_spread() - leave free pages full of the pattern
 * @pages: how many
 *
 * The calling thread's CPU gets them back first: stay there (nodes_pin()) until the memory under
 * test is allocated.  Ends the sub-test as SETUP if a pipe cannot be made.
 */
void primer_spread(unsigned int pages);

#endif /* PRIMER_H */
