// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "harness/page.h"
#include "harness/verdict.h"
#include "machine/canary.h"
#include "machine/gmem.h"

struct canary *canary_catcher(unsigned int pages)
{
	const uint64_t flags = GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED;
	struct canary *c = calloc(1, sizeof(*c));

	verdict_require(c, "out of memory");
	c->vm = vm_create_bare(vm_default);
	c->size = pages * page_size();
	if ((gmem_flags(c->vm) & flags) != flags) {
		vm_destroy(c->vm);
		free(c);
		return NULL;
	}
	c->fd = gmem_create(c->vm, c->size, flags);
	c->words = gmem_map(c->fd, 0, c->size);
	c->caught = malloc(c->size);
	verdict_require(c->caught, "out of memory");
	return c;
}

void canary_catch(struct canary *c)
{
	uint64_t offset;

	/* All pages first: another one that is freed must not come in between. */
	for (offset = 0; offset < c->size; offset += page_size())
		(void)*(volatile uint64_t *)(c->words + offset / 8);
	memcpy(c->caught, c->words, c->size);
}

enum verdict_class canary_check(const struct canary *c, uint64_t *value)
{
	enum verdict_class cls = VERDICT_NONE;
	uint64_t i;

	for (i = 0; i < c->size / 8; i++) {
		const uint64_t now = __atomic_load_n(c->words + i, __ATOMIC_RELAXED);

		if (now != c->caught[i]) {
			*value = now;
			return VERDICT_STALE_MAPPING;
		}
		if (now && cls == VERDICT_NONE) {
			*value = now;
			cls = VERDICT_NOT_SCRUBBED;
		}
	}
	return cls;
}

void canary_release(struct canary *c)
{
	gmem_punch(c->fd, 0, c->size);
}

void canary_destroy(struct canary *c)
{
	munmap(c->words, c->size);
	free(c->caught);
	close(c->fd);
	vm_destroy(c->vm);
	free(c);
}
