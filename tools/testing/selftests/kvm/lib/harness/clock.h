/* SPDX-License-Identifier: GPL-2.0-only */
/* CLOCK_MONOTONIC, for durations and ratios; no verdict depends on it. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>
#include <time.h>

/**
 * clock_ns() - read CLOCK_MONOTONIC
 *
 * Return: nanoseconds.
 */
static inline uint64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ull + t.tv_nsec;
}

/**
 * clock_seconds() - read CLOCK_MONOTONIC
 *
 * Return: seconds.
 */
static inline double clock_seconds(void)
{
	return clock_ns() / 1e9;
}

#endif /* CLOCK_H */
