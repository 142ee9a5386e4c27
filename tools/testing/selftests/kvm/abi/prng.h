/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small seeded generator for host and guest alike (splitmix64, Steele et al.,
 * "Fast splittable pseudorandom number generators", OOPSLA 2014).
 */
#ifndef PRNG_H
#define PRNG_H

#include <stdint.h>

struct prng {
	uint64_t state;
};

/**
 * prng_next() - draw 64 bits
 * @p: the generator; its state is the seed at first
 *
 * Return: any number.
 */
static inline uint64_t prng_next(struct prng *p)
{
	uint64_t z = (p->state += 0x9e3779b97f4a7c15ull);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

/**
 * prng_below() - draw a number below a limit
 * @p: the generator
 * @n: the limit
 *
 * The multiplication makes some numbers more likely than others, by n in 2^32 at most.
 *
 * Return: a number from 0 to @n - 1; 0 if @n is 0.
 */
static inline uint32_t prng_below(struct prng *p, uint32_t n)
{
	return ((prng_next(p) >> 32) * n) >> 32;
}

#endif /* PRNG_H */
