// SPDX-License-Identifier: GPL-2.0-only
/*
 * Conversion in place: which pages are private, and for whom.  A page is shared if the host may
 * touch it; the guest has it either way.
 */
#include <stdio.h>
#include <unistd.h>
#include "abi/array.h"
#include "harness/fault_guard.h"
#include "harness/runner.h"
#include "harness/page.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "scenario/scene_page.h"

#define PAGES	8u
#define GPA	AGENT_TEST_GPA

/* Memory faults in a row that are taken for "for ever". */
#define ENDLESS	100

static struct scene open_pages(uint32_t pages)
{
	return scene_open(MEMORY_INPLACE, pages * page_size());
}

/* Bit n: page n is shared. */
static void check_shared(const struct scene *s, uint32_t pages, uint64_t shared, const char *when)
{
	uint32_t page;

	for (page = 0; page < pages; page++)
		if (scene_host_may(s, page) != (shared >> page & 1))
			verdict_fail(VERDICT_PERMISSION, "%s: the host %s page %u of %u, which is %s",
				     when, scene_host_may(s, page) ? "reads" : "cannot read", page,
				     pages,
				     shared >> page & 1 ? "shared" : "private");
}

static enum agent_action endless(struct agent *a, const struct vcpu_exit *exit, void *arg)
{
	char text[200];

	if (a->faults < ENDLESS)
		return AGENT_RETRY;
	vcpu_exit_describe(exit, text, sizeof(text));
	verdict_fail(VERDICT_PERMISSION, "%s: %u accesses in a row ended in %s",
		     (const char *)arg, ENDLESS, text);
}

/* A new file, on VMs that have private memory and on those that do not. */
static void run_defaults(const struct run *run)
{
	static const uint64_t flags[] = {
		0, GUEST_MEMFD_FLAG_MMAP, GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED,
		GUEST_MEMFD_FLAG_INIT_SHARED,
	};
	const struct vm_type *types[] = { memory_vm_type(MEMORY_INPLACE), vm_default };
	unsigned int i, k;

	(void)run;
	for (k = 0; k < ARRAY_SIZE(types); k++)
		for (i = 0; i < ARRAY_SIZE(flags); i++) {
			const bool mapped = flags[i] & GUEST_MEMFD_FLAG_MMAP;
			const bool shared = flags[i] & GUEST_MEMFD_FLAG_INIT_SHARED;
			struct vm *vm = vm_create(types[k]);
			struct agent *a = agent_create(vm, 0, -1);
			struct memslot slot = {
				.id = vm->next_slot++, .flags = KVM_MEM_GUEST_MEMFD, .gpa = GPA,
				.size = page_size(), .gmem = gmem_create(vm, page_size(), flags[i]),
			};
			char what[120];
			uint64_t value;

			snprintf(what, sizeof(what), "VM type %s, guest_memfd flags %#llx",
				 types[k]->name, (unsigned long long)flags[i]);
			if (mapped)
				slot.hva = gmem_map(slot.gmem, 0, page_size());
			memslot_set(vm, &slot);
			a->on_fault = endless;
			a->on_fault_arg = what;
			agent_write(a, GPA, 1);
			if (mapped && !guarded_read(slot.hva, &value) != shared)
				verdict_fail(VERDICT_PERMISSION, "%s: the host %s a new page", what,
					     shared ? "cannot read" : "reads");
			agent_destroy(a);
			memslot_delete(vm, &slot);
			close(slot.gmem);
			vm_destroy(vm);
			verdict_progress();
		}
}

/* Each page alone, there and back, and what that does to the others. */
static void run_index(const struct run *run)
{
	uint32_t pages, page;

	(void)run;
	for (pages = 1; pages <= 5; pages++) {
		struct scene s = open_pages(pages);

		check_shared(&s, pages, 0, "new");
		for (page = 0; page < pages; page++) {
			scene_convert(&s, page, 1, false);
			check_shared(&s, pages, 1ull << page, "one page shared");
			scene_convert(&s, page, 1, true);
			check_shared(&s, pages, 0, "all private again");
		}
		scene_convert(&s, 0, pages, false);
		for (page = 0; page < pages; page++) {
			scene_convert(&s, page, 1, true);
			check_shared(&s, pages, ~(1ull << page), "one page private");
			scene_convert(&s, page, 1, false);
		}
		scene_close(&s);
	}
}

/* 4 GiB of a file, of which nobody touches more than the ends. */
static void run_ends(const struct run *run)
{
	const uint32_t pages = (4ull << 30) / page_size();
	const uint32_t at[] = { 0, 1, pages / 2 - 1, pages / 2, pages - 2, pages - 1 };
	struct scene s = open_pages(pages);
	unsigned int i, k;

	(void)run;
	for (i = 0; i < ARRAY_SIZE(at); i++) {
		scene_convert(&s, at[i], 1, false);
		for (k = 0; k < ARRAY_SIZE(at); k++)
			if (scene_host_may(&s, at[k]) != (k == i))
				verdict_fail(VERDICT_PERMISSION, "page %u of %u shared: the host %s page %u",
					     at[i], pages, k == i ? "cannot read" : "reads", at[k]);
		scene_convert(&s, at[i], 1, true);
	}
	scene_convert(&s, 0, pages, false);
	for (i = 0; i < ARRAY_SIZE(at); i++)
		if (!scene_host_may(&s, at[i]))
			verdict_fail(VERDICT_PERMISSION, "all of %u pages shared: the host cannot read page %u",
				     pages, at[i]);
	scene_close(&s);
}

/* Attributes are of the file: they are there before a page is, and stay when it goes. */
static void run_unallocated(const struct run *run)
{
	struct scene s = open_pages(PAGES);
	uint32_t page;

	(void)run;
	scene_convert(&s, 2, 4, false);
	check_shared(&s, PAGES, 0x3c, "nothing allocated but what the host touched");
	agent_check_zero(s.agent, GPA, s.ram->size, "memory converted before it was there");
	for (page = 0; page < PAGES; page++)
		agent_write(s.agent, scene_word_gpa(&s, page), scene_token(&s, 1, page));
	gmem_punch(s.ram->gmem, 0, s.ram->size);
	check_shared(&s, PAGES, 0x3c, "punched");
	agent_check_zero(s.agent, GPA, s.ram->size, "punched memory, private and shared");
	gmem_punch(s.ram->gmem, page_size(), 4 * page_size());
	gmem_allocate(s.ram->gmem, 3 * page_size(), 4 * page_size());
	check_shared(&s, PAGES, 0x3c, "allocated");
	/* Half of the range is there, half of it is private already. */
	scene_convert(&s, 0, PAGES, true);
	check_shared(&s, PAGES, 0, "all private");
	scene_convert(&s, 0, PAGES, false);
	agent_check_zero(s.agent, GPA, s.ram->size, "memory converted, partly allocated");
	scene_close(&s);
}

/* The attribute is the file's: a hole has none, and what comes back is as it was. */
static void run_slot(const struct run *run)
{
	struct scene s = open_pages(1);
	char what[] = "private memory whose memslot came back";

	(void)run;
	agent_write(s.agent, scene_word_gpa(&s, 0), scene_token(&s, 1, 0));
	memory_unplug(s.ram);
	s.agent->mmio = 0;
	if (agent_read(s.agent, scene_word_gpa(&s, 0)) != WATCH_ABSENT || s.agent->mmio != 1)
		verdict_fail(VERDICT_ABI, "access to private memory without its memslot: %llu MMIO exits, expected 1",
			     (unsigned long long)s.agent->mmio);
	memory_plug(s.ram);
	s.agent->on_fault = endless;
	s.agent->on_fault_arg = what;
	scene_check(&s, 0, agent_read(s.agent, scene_word_gpa(&s, 0)), scene_token(&s, 1, 0), what);
	check_shared(&s, 1, 0, what);
	scene_close(&s);
}

/* The guest asks; its range lies in several memslots, whose order in the file is another. */
static void run_hypercall(const struct run *run)
{
	static const struct plan_memslot layout[] = {
		{ .first = 0, .pages = 3, .offset = 5 }, { .first = 3, .pages = 5, .offset = 0 },
	};
	const struct memory_config config = {
		.kind = MEMORY_INPLACE, .gpa = GPA, .pages = PAGES, .layout = layout,
		.count = ARRAY_SIZE(layout),
	};
	struct vm *vm = vm_create(memory_vm_type(MEMORY_INPLACE));
	struct scene s = { .vm = vm, .kind = MEMORY_INPLACE, .agent = agent_create(vm, 0, -1),
			   .ram = memory_create_slots(vm, &config) };
	struct agent_op op = {
		.opcode = AGENT_OP_CONVERT, .gpa = GPA + page_size(), .size = 4 * page_size(),
	};

	(void)run;
	agent_expect_ok(s.agent, &op, VERDICT_ABI, "conversion asked for by the guest");
	check_shared(&s, PAGES, 0x1e, "the guest made pages 1 to 4 shared");
	op.gpa = GPA + 2 * page_size();
	op.size = 2 * page_size();
	op.arg = 1;
	agent_expect_ok(s.agent, &op, VERDICT_ABI, "conversion asked for by the guest");
	check_shared(&s, PAGES, 0x12, "the guest made pages 2 and 3 private");
	scene_close(&s);
}

static const struct subtest subtests[] = {
	{ "convert/defaults", "a new page is private or shared as its file's flags say, and the guest has it",
	  run_defaults },
	{ "convert/index", "a conversion of one page is of that page, and of no other", run_index },
	{ "convert/ends", "the first and the last page of 4 GiB are converted like any other",
	  run_ends },
	{ "convert/unallocated", "attributes are there before pages are, and stay when they go",
	  run_unallocated },
	{ "convert/slot", "private memory without its memslot is a hole, and is there when it comes back",
	  run_slot },
	{ "convert/hypercall", "a range over several memslots is converted when the guest asks",
	  run_hypercall },
};

TEST_PROGRAM("gmem_convert_test", subtests)
