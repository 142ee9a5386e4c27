// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory in pages of 1 GiB, and memslots that are larger than that.  Huge pages of this size are
 * reserved when the machine boots (hugepagesz=1G hugepages=1); where none is free there is a skip.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include "abi/array.h"
#include "harness/runner.h"
#include "machine/agent.h"
#include "machine/memslot.h"
#include "machine/statistics.h"
#include "machine/x86/level.h"
#include "machine/x86/shadow_paging.h"

#define GPA	AGENT_TEST_GPA
#define GIANT	(1ull << 30)
#define LARGE	(2ull << 20)
#define SPARSE	(3 * GIANT + LARGE + 4096)

#ifndef MAP_HUGE_1GB
#define MAP_HUGE_1GB	(30 << 26)
#endif

struct giant {
	struct vm *vm;
	struct agent *agent;
	struct memslot slot;
	uint64_t size;		/* of the mapping */
};

/* Both ends of the page, of the large pages in it, and of what a small table maps. */
static const uint64_t spots[] = {
	0, 4096, LARGE - 4096, LARGE, GIANT / 2 - 4096, GIANT / 2, GIANT / 2 + 5 * LARGE + 7 * 4096,
	GIANT - LARGE - 4096, GIANT - LARGE,
};

/* Does a line of /proc/cpuinfo that begins so lack a word? */
static bool cpu_lacks(const char *begin, const char *word)
{
	FILE *f = fopen("/proc/cpuinfo", "re");
	bool lacks = false;
	char line[8192];

	while (f && !lacks && fgets(line, sizeof(line), f))
		lacks = !strncmp(line, begin, strlen(begin)) && !strstr(line, word);
	if (f)
		fclose(f);
	return lacks;
}

/* KVM maps as much at once where guest page tables and, on Intel, nested ones of the CPU can. */
static void giant_require(void)
{
	if (cpu_lacks("flags", " pdpe1gb") || cpu_lacks("vmx flags", " ept_1gb"))
		verdict_skip("the CPU has no pages of 1 GiB (/proc/cpuinfo: pdpe1gb, ept_1gb)");
}

static struct giant giant_open(uint64_t size, uint64_t slot_size, int flags)
{
	struct giant g = { .vm = vm_create(vm_default), .size = size };
	void *memory;

	if (flags & MAP_HUGETLB)
		giant_require();
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | flags, -1, 0);
	if (memory == MAP_FAILED)
		verdict_skip("no huge page of 1 GiB is free: %m (hugepagesz=1G hugepages=1 at boot)");
	g.slot = (struct memslot){ .id = g.vm->next_slot++, .gpa = GPA, .size = slot_size,
				   .hva = memory };
	memslot_set(g.vm, &g.slot);
	g.agent = agent_create(g.vm, 0, 0);
	return g;
}

static void giant_close(struct giant *g)
{
	agent_destroy(g->agent);
	vm_destroy(g->vm);
	munmap(g->slot.hva, g->size);
}

static uint64_t token(const struct giant *g, uint32_t seq, uint64_t offset)
{
	return token_make(g->vm->number, TOKEN_ACTOR_FILL, seq, offset / 4096, 0);
}

static void touch(struct giant *g, uint32_t seq)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(spots); i++)
		agent_write(g->agent, GPA + spots[i], token(g, seq, spots[i]));
}

static void check_one(struct giant *g, uint64_t offset, uint64_t due, const char *when)
{
	const uint64_t host = *(volatile uint64_t *)(g->slot.hva + offset);
	const uint64_t guest = agent_read(g->agent, GPA + offset);

	if (host != due || guest != due)
		verdict_fail(VERDICT_LOST_WRITE, "%s: at %#llx the host reads %#llx, the guest %#llx, and %#llx was written",
			     when, (unsigned long long)offset, (unsigned long long)host,
			     (unsigned long long)guest, (unsigned long long)due);
}

static void check(struct giant *g, uint32_t seq, const char *when)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(spots); i++)
		check_one(g, spots[i], token(g, seq, spots[i]), when);
}

/* Through tables of the guest, or of L1, KVM maps no more at once than these do. */
static void expect_mapped(const struct giant *g, uint64_t giant, const char *when)
{
	if (shadow_paging() || vm_level() == VM_LEVEL_2_NESTED_PAGING)
		return;
	verdict_expect(when, statistics_read(g->vm, "pages_1g"), giant);
}

static void run_map(const struct run *run)
{
	struct giant g = giant_open(GIANT, GIANT, MAP_HUGETLB | MAP_HUGE_1GB);

	(void)run;
	touch(&g, 1);
	expect_mapped(&g, 1, "mappings of 1 GiB of memory in such a page");
	check(&g, 1, "in a page of 1 GiB");
	giant_close(&g);
}

/* The guest writes to pages of a memslot that logs: these are in the log, and no others. */
static void check_log(struct giant *g, uint32_t seq, const char *when)
{
	static uint64_t bits[GIANT / 4096 / 64];
	struct kvm_dirty_log log = { .slot = g->slot.id, .dirty_bitmap = bits };
	uint64_t word, logged = 0;
	unsigned int i;

	touch(g, seq);
	memset(bits, 0, sizeof(bits));
	vm_ioctl(g->vm, KVM_GET_DIRTY_LOG, &log);
	for (i = 0; i < ARRAY_SIZE(spots); i++)
		if (!(bits[spots[i] / 4096 / 64] >> spots[i] / 4096 % 64 & 1))
			verdict_fail(VERDICT_LOST_WRITE,
				     "%s: the page at %#llx was written, and is not logged", when,
				     (unsigned long long)spots[i]);
	for (word = 0; word < ARRAY_SIZE(bits); word++)
		logged += __builtin_popcountll(bits[word]);
	verdict_expect("pages in the log", logged, ARRAY_SIZE(spots));
	expect_mapped(g, 0, when);
	check(g, seq, when);
}

static void run_log(const struct run *run)
{
	struct giant g = giant_open(GIANT, GIANT, MAP_HUGETLB | MAP_HUGE_1GB);

	(void)run;
	touch(&g, 1);
	expect_mapped(&g, 1, "mappings of 1 GiB before");
	g.slot.flags = KVM_MEM_LOG_DIRTY_PAGES;
	memslot_set(g.vm, &g.slot);
	check_log(&g, 2, "mapped before it was logged");
	memslot_delete(g.vm, &g.slot);
	memslot_set(g.vm, &g.slot);
	check_log(&g, 3, "logged from the beginning");
	g.slot.flags = 0;
	memslot_set(g.vm, &g.slot);
	touch(&g, 4);
	expect_mapped(&g, 1, "mappings of 1 GiB when logging has ended");
	check(&g, 4, "no longer logged");
	giant_close(&g);
}

/* It may be mapped in pieces of 2 MiB, and what is behind it is not the guest's. */
static void run_short(const struct run *run)
{
	struct giant g = giant_open(GIANT, GIANT - LARGE / 2, MAP_HUGETLB | MAP_HUGE_1GB);

	(void)run;
	touch(&g, 1);
	expect_mapped(&g, 0, "mappings of 1 GiB of a memslot that is shorter");
	check(&g, 1, "in a memslot that is shorter");
	if (agent_read(g.agent, GPA + GIANT - LARGE / 2) != WATCH_ABSENT)
		verdict_fail(VERDICT_PERMISSION, "the guest reads memory behind its memslot");
	giant_close(&g);
}

/* Nobody could fill it: pages come one by one, on both sides of each GiB and at its end. */
static void run_sparse(const struct run *run)
{
	static const uint64_t offsets[] = {
		0, GIANT - 4096, GIANT, 2 * GIANT - 4096, 2 * GIANT, 3 * GIANT - 4096, 3 * GIANT,
		3 * GIANT + LARGE - 4096, 3 * GIANT + LARGE,
	};
	struct giant g = giant_open(SPARSE, SPARSE, 0);
	unsigned int i;

	(void)run;
	madvise(g.slot.hva, SPARSE, MADV_NOHUGEPAGE);
	for (i = 0; i < ARRAY_SIZE(offsets); i++)
		agent_write(g.agent, GPA + offsets[i], token(&g, 1, offsets[i]));
	for (i = 0; i < ARRAY_SIZE(offsets); i++)
		check_one(&g, offsets[i], token(&g, 1, offsets[i]), "in a memslot of 3 GiB");
	expect_mapped(&g, 0, "mappings of 1 GiB of memory in small pages");
	verdict_require(!madvise(g.slot.hva, SPARSE, MADV_DONTNEED), "MADV_DONTNEED");
	for (i = 0; i < ARRAY_SIZE(offsets); i++)
		check_one(&g, offsets[i], 0, "discarded as a whole");
	giant_close(&g);
}

static const struct subtest subtests[] = {
	{ "giant-page/map", "memory in a page of 1 GiB is mapped in one piece", run_map },
	{ "giant-page/log",
	  "pages of a mapping of 1 GiB are logged one by one, and grow together again", run_log },
	{ "giant-page/short", "a memslot that ends inside of a page of 1 GiB ends there for the guest",
	  run_short },
	{ "giant-page/sparse", "a memslot of more than 3 GiB holds what is written all over it",
	  run_sparse },
};

TEST_PROGRAM("giant_page_test", subtests)
