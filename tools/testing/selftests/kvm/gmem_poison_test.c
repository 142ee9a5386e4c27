// SPDX-License-Identifier: GPL-2.0-only
/*
 * A page of a guest_memfd that the hardware has lost: nobody gets at it, everybody else keeps what
 * they have, and a conversion of its range is done or refused as a whole.  The page is given back
 * in the end, and where that cannot be done none is taken.
 */
#include <errno.h>
#include <string.h>
#include "harness/page.h"
#include "harness/physical.h"
#include "harness/poison.h"
#include "harness/runner.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "memory/memory_operation.h"
#include "scenario/scene_page.h"

#define PAGES		8u
#define POISONED	3u

static struct scene open_poisoned(enum memory_kind kind, uint64_t *address)
{
	struct scene s = scene_open(kind, PAGES * page_size());
	uint32_t page;

	poison_require();
	if (kind == MEMORY_INPLACE)
		scene_convert(&s, 0, PAGES, false);
	for (page = 0; page < PAGES; page++) {
		scene_host_write(&s, page, scene_token(&s, 1, page));
		scene_check(&s, page, agent_read(s.agent, scene_word_gpa(&s, page)),
			    scene_token(&s, 1, page), "before a page was lost");
	}
	*address = physical_address(scene_word(&s, POISONED));
	poison_page(memory_at(s.ram, POISONED));
	return s;
}

/* @shared: the host may look. */
static void check_others(struct scene *s, bool shared, bool kept, const char *when)
{
	const struct agent_op op = { .opcode = AGENT_OP_READ, .gpa = scene_word_gpa(s, POISONED) };
	uint32_t page;

	for (page = 0; page < PAGES; page++) {
		if (page == POISONED)
			continue;
		if (shared && !scene_host_may(s, page))
			verdict_fail(VERDICT_PERMISSION, "%s: the host cannot read page %u, which is good",
				     when, page);
		if (kept)
			scene_check(s, page, agent_read(s->agent, scene_word_gpa(s, page)),
				    scene_token(s, 1, page), when);
	}
	if (scene_host_may(s, POISONED))
		verdict_fail(VERDICT_PERMISSION, "%s: the host reads page %u", when, POISONED);
	if (!agent_access_refused(s->agent, &op))
		verdict_fail(VERDICT_PERMISSION, "%s: the guest reads page %u", when, POISONED);
}

static void run_lost(const struct run *run)
{
	uint64_t address;
	struct scene s = open_poisoned(*(const enum memory_kind *)run->arg, &address);

	check_others(&s, true, true, "a page was lost");
	gmem_punch(s.ram->gmem, POISONED * page_size(), page_size());
	poison_give_back(address);
	/* What mapped the lost page knows that until it is mapped anew. */
	memory_do(s.ram, OP_UNMAP, POISONED, 1);
	memory_undo(s.ram, OP_UNMAP, POISONED, 1);
	agent_check_zero(s.agent, memory_gpa(s.ram, POISONED), page_size(),
			 "a page in place of the one that was lost");
	scene_check(&s, POISONED, *scene_word(&s, POISONED), 0, "the host, in place of the page that was lost");
	scene_close(&s);
}

static void run_converted(const struct run *run)
{
	uint64_t address, offset = ~0ull;
	struct scene s = open_poisoned(MEMORY_INPLACE, &address);
	int r = __attributes_set_gmem(s.ram->gmem, 0, s.ram->size, KVM_MEMORY_ATTRIBUTE_PRIVATE,
				      &offset);

	verdict_note("%s: a range with a page that was lost: %s", run->id,
		     r ? strerror(-r) : "converted");
	if (r && (r != -EAGAIN || offset != POISONED * page_size()))
		verdict_fail(VERDICT_ABI,
			     "a range with a page that was lost to private: %s, error_offset %#llx; expected success, or EAGAIN and the page's offset",
			     strerror(-r), (unsigned long long)offset);
	check_others(&s, r, r || scene_keeps(&s), "after a conversion of a range with a page that was lost");
	gmem_punch(s.ram->gmem, POISONED * page_size(), page_size());
	poison_give_back(address);
	scene_convert_now(&s, 0, PAGES, true, "the page that was lost is gone");
	agent_check_zero(s.agent, memory_gpa(s.ram, POISONED), page_size(),
			 "a private page in place of the one that was lost");
	scene_close(&s);
}

#define ON(kind)	&(const enum memory_kind){ kind }

static const struct subtest subtests[] = {
	{ "poison/shared", "a page that was lost is out of reach, and its neighbours are not",
	  run_lost, ON(MEMORY_SHARED) },
	{ "poison/in-place", "a shared page that was lost is out of reach, and its neighbours are not",
	  run_lost, ON(MEMORY_INPLACE) },
	{ "poison/converted", "a range with a page that was lost is converted as a whole, or not at all",
	  run_converted },
};

TEST_PROGRAM("gmem_poison_test", subtests)
