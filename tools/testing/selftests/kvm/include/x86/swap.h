/* SPDX-License-Identifier: GPL-2.0-only */
/* Somewhere to swap to, so that reclaim can be tested. */
#ifndef SWAP_H
#define SWAP_H

/**
 * swap_on() - make sure that there is swap
 *
 * Uses what the machine has.  Only where nobody's data can be at stake, in the testbed's
 * virtual machine, is its RAM disk made into swap.
 *
 * Return: NULL, or why there is none.
 */
const char *swap_on(void);

#endif /* SWAP_H */
