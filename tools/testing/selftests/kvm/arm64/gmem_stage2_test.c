// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stage 2 after memory was given back, looked at in the page tables themselves: what was
 * taken away is not mapped, and where a block was mapped, what is left of it still works.
 */
#include <sys/mman.h>
#include "abi/array.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/agent.h"
#include "machine/arm64/stage2.h"
#include "machine/gmem.h"
#include "memory/memory.h"
#include "scenario/scene.h"

#define GPA	AGENT_TEST_GPA
#define HUGE	(512 * PAGE)
#define TOKEN	token_make(0, TOKEN_ACTOR_FILL, 1, 0, 0)

static struct scene open_filled(enum memory_kind kind)
{
	struct scene s = scene_open(kind, HUGE);

	agent_fill(s.agent, GPA, GPA, HUGE, TOKEN);
	return s;
}

/* What follows would mean nothing if stage 2 were empty from the start. */
static void expect_mapped(struct scene *s, uint64_t gpa)
{
	if (!stage2_lookup(s->vm, gpa).mapped)
		verdict_fail(VERDICT_ABI, "%s: gpa %#llx, written by the guest, is not mapped",
			     memory_kind_name(s->ram->kind), (unsigned long long)gpa);
}

/* No vCPU runs: whatever is mapped was left behind by the operation. */
static void expect_unmapped(struct scene *s, uint64_t gpa, const char *after)
{
	if (stage2_lookup(s->vm, gpa).mapped)
		verdict_fail(VERDICT_STALE_MAPPING, "%s: gpa %#llx is still mapped in stage 2 after %s",
			     memory_kind_name(s->ram->kind), (unsigned long long)gpa, after);
}

/* [gpa, gpa + size) is gone, all around it is as it was. */
static void expect_gone(struct scene *s, uint64_t gpa, uint64_t size, const char *after)
{
	expect_unmapped(s, gpa, after);
	expect_unmapped(s, gpa + size - PAGE, after);
	agent_verify(s->agent, GPA, GPA, gpa - GPA, TOKEN, "below what was taken away");
	agent_verify(s->agent, GPA, gpa + size, GPA + HUGE - gpa - size, TOKEN,
		     "above what was taken away");
	agent_check_zero(s->agent, gpa, size, after);
}

static void run_punch(const struct run *run)
{
	static const struct { uint64_t first, pages; } rows[] = {
		{ 0, 1 }, { 511, 1 }, { 256, 1 }, { 100, 3 }, { 1, 510 },
	};
	unsigned int i;

	(void)run;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t gpa = GPA + rows[i].first * PAGE, size = rows[i].pages * PAGE;
		struct scene s = open_filled(MEMORY_SHARED);

		expect_mapped(&s, gpa);
		expect_mapped(&s, gpa + size - PAGE);
		gmem_punch(s.ram->gmem, gpa - GPA, size);
		expect_gone(&s, gpa, size, "a punch");
		scene_close(&s);
		verdict_progress();
	}
}

static void run_delete(const struct run *run)
{
	enum memory_kind kind = *(const enum memory_kind *)run->arg;
	struct scene s = open_filled(kind);

	expect_mapped(&s, GPA);
	expect_mapped(&s, GPA + HUGE - PAGE);
	memory_unplug(s.ram);
	expect_unmapped(&s, GPA, "the deletion of the memslot");
	expect_unmapped(&s, GPA + HUGE - PAGE, "the deletion of the memslot");
	memory_plug(s.ram);
	agent_verify(s.agent, GPA, GPA, HUGE, TOKEN, "memory whose slot was away");
	scene_close(&s);
}

static void run_close(const struct run *run)
{
	struct scene s = open_filled(MEMORY_SHARED);

	(void)run;
	/* Taking the host's mapping away unmaps the slot too; the guest has it back after that. */
	memory_hide(s.ram);
	agent_verify(s.agent, GPA, GPA, HUGE, TOKEN, "memory that the host has no view of");
	expect_mapped(&s, GPA);
	expect_mapped(&s, GPA + HUGE - PAGE);
	memory_close(s.ram);
	expect_unmapped(&s, GPA, "the file was closed");
	expect_unmapped(&s, GPA + HUGE - PAGE, "the file was closed");
	memory_unplug(s.ram);
	memory_reopen(s.ram);
	memory_plug(s.ram);
	agent_check_zero(s.agent, GPA, HUGE, "memory of another file");
	scene_close(&s);
}

/* One page of a block is given back to the host: the block has to go. */
static void run_block(const struct run *run)
{
	struct scene s = open_filled(MEMORY_ANON);
	const uint64_t gpa = GPA + HUGE / 2;

	(void)run;
	if (!stage2_lookup(s.vm, gpa).block)
		verdict_skip("no block is mapped: the host gave no hugepage");
	if (madvise(memory_word(s.ram, gpa), PAGE, MADV_DONTNEED))
		verdict_fail(VERDICT_SETUP, "MADV_DONTNEED: %m");
	expect_gone(&s, gpa, PAGE, "MADV_DONTNEED");
	if (stage2_lookup(s.vm, gpa).block)
		verdict_fail(VERDICT_STALE_MAPPING,
			     "a block covers a page that the hugepage has no more");
	scene_close(&s);
}

#define ON(kind)	&(const enum memory_kind){ kind }

static const struct subtest subtests[] = {
	{ "stage2/punch", "punched pages are not mapped, their neighbours keep their contents",
	  run_punch },
	{ "stage2/slot-gmem", "pages of a deleted slot on a guest_memfd are not mapped", run_delete,
	  ON(MEMORY_SHARED) },
	{ "stage2/slot-anonymous", "pages of a deleted slot of anonymous memory are not mapped",
	  run_delete, ON(MEMORY_ANON) },
	{ "stage2/close", "pages of a closed file are not mapped", run_close },
	{ "stage2/block", "a block goes when one page of its hugepage does", run_block },
};

TEST_PROGRAM("gmem_stage2_test", subtests)
