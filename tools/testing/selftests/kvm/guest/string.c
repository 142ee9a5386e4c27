// SPDX-License-Identifier: GPL-2.0-only
/*
 * The functions that a compiler may call on its own even in freestanding code.
 * volatile keeps it from recognising the loops and calling them from themselves.
 */
#include <stddef.h>

void *memcpy(void *to, const void *from, size_t n);
void *memset(void *to, int c, size_t n);

void *memcpy(void *to, const void *from, size_t n)
{
	volatile char *t = to;
	const char *f = from;

	while (n--)
		*t++ = *f++;
	return to;
}

void *memset(void *to, int c, size_t n)
{
	volatile char *t = to;

	while (n--)
		*t++ = c;
	return to;
}
