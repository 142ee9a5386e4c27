// SPDX-License-Identifier: GPL-2.0-only
/*
 * Conversion in place of pages that somebody uses.  As long as the kernel holds a reference, a
 * page cannot become private: EAGAIN, the offset of the first such page, and nothing has changed.
 */
#include <errno.h>
#include <string.h>
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/attributes.h"
#include "scenario/pin.h"
#include "scenario/scene_page.h"

#define PAGES	8u

/* @kept: nothing was converted since the host wrote, or contents are kept. */
static void check_pages(struct scene *s, bool shared, bool kept, const char *when)
{
	uint32_t page;

	for (page = 0; page < PAGES; page++) {
		if (scene_host_may(s, page) != shared)
			verdict_fail(VERDICT_PERMISSION, "%s: the host %s page %u", when,
				     shared ? "cannot read" : "reads", page);
		if (!kept)
			continue;
		if (shared)
			scene_check(s, page, *scene_word(s, page), scene_token(s, 1, page), when);
		scene_check(s, page, agent_read(s->agent, scene_word_gpa(s, page)),
			    scene_token(s, 1, page), when);
	}
}

static void expect_refused(struct scene *s, uint32_t first, uint32_t pages, uint32_t used)
{
	uint64_t offset = ~0ull;
	int r = __attributes_set_gmem(s->ram->gmem, first * page_size(), pages * page_size(),
				      KVM_MEMORY_ATTRIBUTE_PRIVATE, &offset);

	if (r != -EAGAIN)
		verdict_fail(VERDICT_ABI, "pages %u to %u to private, page %u is in use: %s, expected EAGAIN",
			     first, first + pages - 1, used, strerror(-r));
	if (offset != used * page_size())
		verdict_fail(VERDICT_ABI, "pages %u to %u to private, page %u is in use: error_offset %#llx, expected %#llx",
			     first, first + pages - 1, used, (unsigned long long)offset,
			     (unsigned long long)(used * page_size()));
}

static void hold(const struct pin_way *way, struct pin *pin, struct scene *s, uint32_t page)
{
	const char *lacks = way->hold(pin, memory_at(s->ram, page), page_size());

	if (lacks)
		verdict_skip("%s", lacks);
}

/* One page in use, then an earlier one as well: of the whole range, and page by page. */
static void with_pin(const struct pin_way *way, uint32_t used)
{
	struct scene s = scene_open_shared(PAGES);
	struct pin pin, second;
	uint32_t page;

	hold(way, &pin, &s, used);
	expect_refused(&s, 0, PAGES, used);
	check_pages(&s, true, true, "after a conversion that was refused");
	expect_refused(&s, used, 1, used);
	for (page = 0; page < PAGES; page++)
		if (page != used)
			scene_convert_now(&s, page, 1, true, "another page is in use");
	expect_refused(&s, 0, PAGES, used);
	scene_convert_now(&s, 0, PAGES, false, "one of them in use");
	check_pages(&s, true, scene_keeps(&s), "all shared again");
	if (used) {
		hold(way, &second, &s, used - 1);
		expect_refused(&s, 0, PAGES, used - 1);
		way->let_go(&second);
	}
	expect_refused(&s, 0, PAGES, used);
	way->let_go(&pin);
	scene_convert_now(&s, 0, PAGES, true, "nobody uses them any more");
	check_pages(&s, false, scene_keeps(&s), "private at last");
	scene_close(&s);
}

static void run_pinned(const struct run *run)
{
	static const uint32_t used[] = { 0, 3, PAGES - 1 };
	const struct pin_way *way = pin_way_find(run->arg);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(used); i++) {
		with_pin(way, used[i]);
		verdict_progress();
	}
}

/* To shared nobody can be in the way, and where nothing changes nobody is asked. */
static void run_not_asked(const struct run *run)
{
	const struct pin_way *way = pin_way_find("vmsplice");
	struct scene s = scene_open_shared(PAGES);
	struct pin pin;

	(void)run;
	hold(way, &pin, &s, 3);
	scene_convert_now(&s, 0, PAGES, false, "they are shared already");
	check_pages(&s, true, true, "nothing to convert");
	scene_convert_now(&s, 4, 4, true, "page 3 is in use");
	scene_convert_now(&s, 0, PAGES, false, "page 3 is in use");
	check_pages(&s, true, scene_keeps(&s), "all shared again");
	way->let_go(&pin);
	scene_close(&s);
}

#define REFUSED	"a page that the kernel holds stays shared, and all of its range with it: "

static const struct subtest subtests[] = {
	{ "convert-pin/vmsplice", REFUSED "a pipe", run_pinned, "vmsplice" },
	{ "convert-pin/io-uring", REFUSED "a registered buffer", run_pinned, "io-uring" },
	{ "convert-pin/gup-test", REFUSED "a long-term pin", run_pinned, "gup-test" },
	{ "convert-pin/not-asked", "a page in use can become shared, and stay what it is",
	  run_not_asked },
};

TEST_PROGRAM("gmem_convert_pin_test", subtests)
