/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Somewhere to swap to, for tests of reclaim.
 *
 * The suite uses what the machine has and never makes swap itself: a disk that looks unused may
 * hold somebody's data.  The testbed's virtual machine has swap from its start
 * (scripts/testbed.d/init).
 */
#ifndef SWAP_H
#define SWAP_H

/**
 * swap_missing() - look whether the machine has swap
 *
 * Without swap MADV_PAGEOUT succeeds and leaves anonymous pages where they are (madvise(2)), so
 * that a test of pages that are swapped out would test nothing.
 *
 * Return: NULL, or why pages cannot be swapped out.
 */
const char *swap_missing(void);

#endif /* SWAP_H */
