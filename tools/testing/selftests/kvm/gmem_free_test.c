// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages of a guest_memfd that were freed hold nothing of what they held.  KVM clears a page when
 * somebody gets it; where a platform has the memory of a guest reclaimed it is scrubbed at once,
 * and that is what these look at, in physical memory.
 */
#include <unistd.h>
#include "harness/page.h"
#include "harness/physical.h"
#include "harness/runner.h"
#include "machine/gmem.h"
#include "scenario/scene_page.h"

#define PAGES	16u

/* Of the software-protected type that owns its pages (docs/features.md, hooks). */
#define OWNER	"/sys/module/kvm/parameters/gmem_conversion_destroys"

static void punch(struct scene *s)
{
	gmem_punch(s->ram->gmem, 0, s->ram->size);
}

static void close_file(struct scene *s)
{
	memory_close(s->ram);
}

static void close_vm(struct scene *s)
{
	scene_close(s);
}

struct scenario {
	bool private;		/* when they are freed */
	void (*free)(struct scene *s);
};

static void run_free(const struct run *run)
{
	const struct scenario *sc = run->arg;
	uint64_t where[PAGES], tokens[2][PAGES], left;
	struct scene s;
	uint32_t page;

	if (access(OWNER, R_OK))
		verdict_skip("this kernel scrubs a page when somebody gets it, not when it is freed (no reclaim of private pages)");
	s = scene_open_shared(PAGES);
	/* The control: what is there can be seen. */
	for (page = 0; page < PAGES; page++) {
		tokens[0][page] = scene_token(&s, 1, page);
		tokens[1][page] = scene_token(&s, 2, page);
		where[page] = physical_address(scene_word(&s, page));
		left = physical_read(where[page]);
		if (left != tokens[0][page])
			verdict_fail(VERDICT_SETUP, "page %u is at %#llx, which holds %#llx", page,
				     (unsigned long long)where[page], (unsigned long long)left);
	}
	if (sc->private)
		scene_convert(&s, 0, PAGES, true);
	for (page = 0; page < PAGES; page++)
		agent_write(s.agent, scene_word_gpa(&s, page), tokens[1][page]);
	sc->free(&s);
	for (page = 0; page < PAGES; page++) {
		left = physical_read(where[page]);
		if (left == tokens[0][page] || left == tokens[1][page])
			verdict_fail(VERDICT_NOT_SCRUBBED, "page %u, which is free, still holds %#llx",
				     page, (unsigned long long)left);
	}
}

#define FREE(...)	run_free, &(const struct scenario){ __VA_ARGS__ }

static const struct subtest subtests[] = {
	{ "free/punch-private", "private pages that a punch frees hold nothing",
	  FREE(true, punch) },
	{ "free/punch-shared", "shared pages that a punch frees hold nothing",
	  FREE(false, punch) },
	{ "free/close-private", "private pages of a file that was closed hold nothing",
	  FREE(true, close_file) },
	{ "free/vm-private", "private pages of a VM that is gone hold nothing",
	  FREE(true, close_vm) },
};

TEST_PROGRAM("gmem_free_test", subtests)
