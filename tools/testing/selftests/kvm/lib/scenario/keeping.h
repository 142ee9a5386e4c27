/* SPDX-License-Identifier: GPL-2.0-only */
/* Operations of the host that keep what is in guest memory, at random. */
#ifndef KEEPING_H
#define KEEPING_H

#include "abi/prng.h"
#include "memory/memory.h"

/**
 * keeping_do() - carry one out, on a random part of the memory
 * @m: in one memslot
 * @prng: decides
 *
 * Return: 1; 0 if the one that was chosen cannot be done here, or did not succeed.
 */
uint64_t keeping_do(struct memory *m, struct prng *prng);

#endif /* KEEPING_H */
