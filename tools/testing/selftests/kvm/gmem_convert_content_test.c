// SPDX-License-Identifier: GPL-2.0-only
/*
 * Conversion in place: what is in a page.  Host and guest see the same one while it is shared, and
 * afterwards the guest, alone, finds what the policy says.
 */
#include <sys/wait.h>
#include <unistd.h>
#include "harness/fault_guard.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/gmem.h"
#include "scenario/scene_page.h"

#define PAGES	8u

static struct scene open_pages(uint32_t pages)
{
	return scene_open(MEMORY_INPLACE, pages * page_size());
}

static void there_and_back(struct scene *s, uint32_t page, uint32_t seq)
{
	const uint64_t gpa = scene_word_gpa(s, page);

	scene_convert(s, 0, PAGES, false);
	scene_host_write(s, page, scene_token(s, seq + 1, page));
	scene_check(s, page, agent_read(s->agent, gpa), scene_token(s, seq + 1, page),
		    "what the host wrote to a shared page, read by the guest");
	agent_write(s->agent, gpa, scene_token(s, seq + 2, page));
	scene_check(s, page, *scene_word(s, page), scene_token(s, seq + 2, page),
		    "what the guest wrote to a shared page, read by the host");
	scene_convert(s, 0, PAGES, true);
	if (scene_keeps(s))
		scene_check(s, page, agent_read(s->agent, gpa), scene_token(s, seq + 2, page),
			    "a page that became private, read by the guest");
	agent_write(s->agent, gpa, scene_token(s, seq + 3, page));
	scene_convert(s, 0, PAGES, false);
	if (scene_keeps(s))
		scene_check(s, page, *scene_word(s, page), scene_token(s, seq + 3, page),
			    "a page that became shared, read by the host");
}

static void run_contents(const struct run *run)
{
	struct scene s = open_pages(PAGES);
	uint64_t i;

	for (i = 0; i < 4 * run->iterations; i++) {
		const uint32_t page = i % PAGES;

		there_and_back(&s, page, 4 * i);
		verdict_progress();
	}
	scene_close(&s);
}

/* Mappings in other processes go as well. */
static void run_processes(const struct run *run)
{
	struct scene s = open_pages(2);
	int to[2], from[2], status;
	uint8_t byte = 0, seen;
	uint8_t *other;
	uint64_t value;
	pid_t pid;

	(void)run;
	scene_convert(&s, 0, 2, false);
	scene_host_write(&s, 0, scene_token(&s, 1, 0));
	verdict_require(!pipe(to) && !pipe(from), "pipe");
	pid = fork();
	verdict_require(pid >= 0, "fork");
	if (!pid) {
		/* Its parent's mapping, and one of its own; both mapped in page tables. */
		other = gmem_map(s.ram->gmem, 0, 2 * page_size());
		seen = !guarded_read(scene_word(&s, 0), &value) &&
		       !guarded_read((uint64_t *)other, &value);
		(void)!write(from[1], &seen, 1);
		(void)!read(to[0], &byte, 1);
		seen = 2 * !guarded_read(scene_word(&s, 0), &value) +
		       4 * !guarded_read((uint64_t *)other, &value);
		_exit(seen);
	}
	verdict_require(read(from[0], &seen, 1) == 1, "pipe");
	if (!seen)
		verdict_fail(VERDICT_PERMISSION, "a child process cannot read a shared page");
	scene_convert(&s, 0, 1, true);
	verdict_require(write(to[1], &byte, 1) == 1, "pipe");
	verdict_require(waitpid(pid, &status, 0) == pid, "waitpid");
	if (status)
		verdict_fail(VERDICT_STALE_MAPPING,
			     "a child process still reads a page that became private (status %#x: 2 its parent's mapping, 4 its own)",
			     status >> 8);
	scene_close(&s);
}

static const struct subtest subtests[] = {
	{ "convert/contents", "host and guest see one page, and it keeps what the policy says",
	  run_contents },
	{ "convert/processes", "no process reads a page once it is private", run_processes },
};

TEST_PROGRAM("gmem_convert_content_test", subtests)
