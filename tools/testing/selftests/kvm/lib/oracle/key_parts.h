/* SPDX-License-Identifier: GPL-2.0-only */
/* Search in sorted arrays of the checker. */
#ifndef CHECKER_KEYS_H
#define CHECKER_KEYS_H

#include <stddef.h>
#include <stdint.h>

/*
 * How many of @count elements have a first member below @t, in order of which they are.
 * Questions mostly come in order too, so look near the last answer first.
 */
static inline uint32_t keys_below(const void *array, size_t size, uint32_t count, uint32_t *hint,
				  uint64_t t)
{
#define KEY(i)	(*(const uint64_t *)((const char *)array + (size_t)(i) * size))
	uint32_t low = 0, high = count, step = 1, at = *hint < count ? *hint : count;

	/* Everything below low is below t, nothing from high on is. */
	if (at < count && KEY(at) < t) {
		for (low = at + 1; low + step <= high && KEY(low + step - 1) < t; step *= 2)
			low += step;
		if (low + step - 1 < high)
			high = low + step - 1;
	} else {
		for (high = at; step <= high && KEY(high - step) >= t; step *= 2)
			high -= step;
		if (step <= high)
			low = high - step + 1;
	}
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (KEY(middle) < t)
			low = middle + 1;
		else
			high = middle;
	}
	*hint = low;
	return low;
#undef KEY
}

#endif /* CHECKER_KEYS_H */
