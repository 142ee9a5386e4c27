// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "harness/page.h"
#include "harness/primer.h"
#include "harness/verdict.h"

#define PRIMER		0x5afe0000c0de0000ull
#define PRIMER_MASK	0xffff0000ffff0000ull
#define PIPE_PAGES	16	/* capacity of an unprivileged pipe */

bool primer_is(uint64_t value)
{
	return (value & PRIMER_MASK) == PRIMER;
}

void primer_spread(unsigned int pages)
{
	unsigned int pipes = (pages + PIPE_PAGES - 1) / PIPE_PAGES, i;
	static uint64_t pattern[512];
	int (*ends)[2] = calloc(pipes, sizeof(*ends));

	verdict_require(ends, "out of memory");
	for (i = 0; i < 512; i++)
		pattern[i] = PRIMER | i;
	for (i = 0; i < pipes; i++) {
		uint64_t left = PIPE_PAGES * page_size();

		verdict_require(!pipe2(ends[i], O_NONBLOCK), "pipe %u of %u", i, pipes);
		for (; left; left -= sizeof(pattern))
			if (write(ends[i][1], pattern, sizeof(pattern)) != sizeof(pattern))
				break;
	}
	for (i = 0; i < pipes; i++) {
		close(ends[i][0]);
		close(ends[i][1]);
	}
	free(ends);
}
