// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page sizes: KVM maps 2 MiB at once where memory, memslot and attributes let it, in smaller pieces
 * where they do not, and changes that under a running guest.  Its own statistics say that it did.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/agent.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "machine/memslot.h"
#include "machine/statistics.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25	/* since 6.1 */
#endif

#define LARGE		(2ull << 20)
#define LARGE_PAGES	3u
#define SIZE		(LARGE_PAGES * LARGE)
#define GPA		AGENT_TEST_GPA
#define PER_LARGE	(LARGE / 4096)

struct pages {
	struct vm *vm;
	struct agent *agent;
	struct memslot slot;
	uint8_t *hva;		/* a multiple of 2 MiB */
	void *mapped;
	uint64_t size;		/* of it */
};

/* Memory of transparent huge pages, if @collapse; a skip where the kernel makes none. */
static void collapse(struct pages *p)
{
	if (madvise(p->hva, SIZE, MADV_COLLAPSE))
		verdict_skip("no transparent huge pages: MADV_COLLAPSE: %m");
}

/* @shift: bytes by which guest and host addresses differ, modulo 2 MiB. */
static struct pages open_pages(const struct vm_type *type, uint64_t shift, bool huge)
{
	struct pages p = { .vm = vm_create(type), .size = SIZE + 2 * LARGE };

	p.mapped = mmap(NULL, p.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	verdict_require(p.mapped != MAP_FAILED, "mmap");
	p.hva = (void *)(((uintptr_t)p.mapped + LARGE - 1) & ~(LARGE - 1));
	madvise(p.hva, SIZE, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	memset(p.hva, 0, SIZE);
	if (huge)
		collapse(&p);
	p.slot = (struct memslot){
		.id = p.vm->next_slot++, .gpa = GPA + shift, .size = SIZE, .hva = p.hva,
	};
	memslot_set(p.vm, &p.slot);
	p.agent = agent_create(p.vm, 0, 0);
	return p;
}

static void close_pages(struct pages *p)
{
	agent_destroy(p->agent);
	vm_destroy(p->vm);
	munmap(p->mapped, p->size);
}

static uint64_t token(const struct pages *p, uint32_t seq)
{
	return token_make(p->vm->number, TOKEN_ACTOR_FILL, seq, 0, 0);
}

/* One word in each page, not all of them: the pages are many. */
static void touch(struct pages *p, uint32_t seq)
{
	uint64_t page;

	for (page = 0; page < SIZE / 4096; page += 37)
		agent_write(p->agent, p->slot.gpa + page * 4096, token(p, seq) + page);
}

static void check(struct pages *p, uint32_t seq, const char *when)
{
	uint64_t page, found;

	for (page = 0; page < SIZE / 4096; page += 37) {
		found = *(volatile uint64_t *)(p->hva + page * 4096);
		if (found != token(p, seq) + page)
			verdict_fail(VERDICT_LOST_WRITE, "%s: the host reads %#llx on page %llu, the guest wrote %#llx",
				     when, (unsigned long long)found, (unsigned long long)page,
				     (unsigned long long)(token(p, seq) + page));
		found = agent_read(p->agent, p->slot.gpa + page * 4096);
		if (found != token(p, seq) + page)
			verdict_fail(VERDICT_LOST_WRITE, "%s: the guest reads %#llx on page %llu, it wrote %#llx",
				     when, (unsigned long long)found, (unsigned long long)page,
				     (unsigned long long)(token(p, seq) + page));
	}
}

static uint64_t large(const struct pages *p)
{
	return statistics_read(p->vm, "pages_2m");
}

static void expect_large(const struct pages *p, uint64_t due, const char *when)
{
	verdict_expect(when, large(p), due);
}

static void run_huge(const struct run *run)
{
	struct pages p = open_pages(vm_default, 0, true);

	(void)run;
	touch(&p, 1);
	expect_large(&p, LARGE_PAGES, "large mappings of memory in huge pages");
	check(&p, 1, "in huge pages");
	close_pages(&p);
}

/* Guest and host address differ below 2 MiB, or the memory is in small pages: no large mapping. */
static void run_small(const struct run *run)
{
	const bool odd = run->arg;
	struct pages p = open_pages(vm_default, odd ? 4096 : 0, odd);

	touch(&p, 1);
	expect_large(&p, 0, odd ? "large mappings of a memslot that lies askew" :
		     "large mappings of memory in small pages");
	check(&p, 1, odd ? "askew" : "in small pages");
	close_pages(&p);
}

/* A memslot that ends inside of a huge page: what is beyond is not the guest's. */
static void run_short(const struct run *run)
{
	struct pages p = open_pages(vm_default, 0, true);
	const uint64_t end = SIZE - 5 * 4096;

	(void)run;
	memslot_delete(p.vm, &p.slot);
	p.slot.size = end;
	memslot_set(p.vm, &p.slot);
	agent_write(p.agent, GPA + end - 4096, token(&p, 1));
	agent_write(p.agent, GPA, token(&p, 1));
	expect_large(&p, 1, "large mappings of a memslot that ends in a huge page, both touched");
	if (agent_read(p.agent, GPA + end) != WATCH_ABSENT)
		verdict_fail(VERDICT_PERMISSION, "the guest reads memory behind its memslot");
	close_pages(&p);
}

/* Small pages become a huge one under the guest, which goes on using it. */
static void run_collapse(const struct run *run)
{
	struct pages p = open_pages(vm_default, 0, false);

	(void)run;
	touch(&p, 1);
	expect_large(&p, 0, "large mappings before");
	madvise(p.hva, SIZE, MADV_HUGEPAGE);
	collapse(&p);
	check(&p, 1, "collapsed");
	touch(&p, 2);
	expect_large(&p, LARGE_PAGES, "large mappings of what was collapsed");
	check(&p, 2, "written when it had been collapsed");
	close_pages(&p);
}

/* The host takes one small page out of a huge one. */
static void run_discard(const struct run *run)
{
	struct pages p = open_pages(vm_default, 0, true);
	const uint64_t gone = LARGE + 37 * 4096;

	(void)run;
	touch(&p, 1);
	expect_large(&p, LARGE_PAGES, "large mappings before");
	agent_write(p.agent, GPA + gone, token(&p, 3));
	agent_write(p.agent, GPA + gone + 4096, token(&p, 4));
	verdict_require(!madvise(p.hva + gone, 4096, MADV_DONTNEED), "MADV_DONTNEED");
	agent_check_zero(p.agent, GPA + gone, 4096, "a page that was taken out of a huge one");
	if (agent_read(p.agent, GPA + gone + 4096) != token(&p, 4))
		verdict_fail(VERDICT_LOST_WRITE, "the neighbour of a page that was taken out");
	expect_large(&p, LARGE_PAGES - 1, "large mappings after");
	close_pages(&p);
}

/* The guest writes to pages of a memslot that logs, and each of them has to be in the log. */
static void check_log(struct pages *p, const char *when)
{
	static const uint64_t written[] = {
		0, 5, PER_LARGE - 1, PER_LARGE, 2 * PER_LARGE + 7, 3 * PER_LARGE - 1,
	};
	uint64_t bits[SIZE / 4096 / 64] = { 0 };
	struct kvm_dirty_log log = { .slot = p->slot.id, .dirty_bitmap = bits };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(written); i++)
		agent_write(p->agent, GPA + written[i] * 4096 + 8, token(p, 2));
	vm_ioctl(p->vm, KVM_GET_DIRTY_LOG, &log);
	for (i = 0; i < ARRAY_SIZE(written); i++)
		if (!(bits[written[i] / 64] >> written[i] % 64 & 1))
			verdict_fail(VERDICT_LOST_WRITE,
				     "%s: page %llu was written, and is not logged", when,
				     (unsigned long long)written[i]);
	check(p, 1, when);
}

/* Pages that the guest writes while memory in huge pages is logged are in the log, one by one. */
static void run_log(const struct run *run)
{
	struct pages p = open_pages(vm_default, 0, true);

	(void)run;
	touch(&p, 1);
	expect_large(&p, LARGE_PAGES, "large mappings before");
	p.slot.flags = KVM_MEM_LOG_DIRTY_PAGES;
	memslot_set(p.vm, &p.slot);
	check_log(&p, "mapped before it was logged");
	memslot_delete(p.vm, &p.slot);
	memslot_set(p.vm, &p.slot);
	check_log(&p, "logged from the beginning");
	p.slot.flags = 0;
	memslot_set(p.vm, &p.slot);
	touch(&p, 3);
	expect_large(&p, LARGE_PAGES, "large mappings when logging has ended");
	check(&p, 3, "no longer logged");
	close_pages(&p);
}

/* A small part of a huge page becomes private, and shared again. */
static void run_attribute(const struct run *run)
{
	const struct vm_type *type = vm_type_private();
	struct memslot slot;
	struct pages p;

	(void)run;
	if (!type)
		verdict_skip("no VM type with private memory is offered");
	attributes_require(ATTRIBUTES_OF_VM);
	p = open_pages(type, 0, true);
	memslot_delete(p.vm, &p.slot);
	slot = p.slot;
	slot.flags = KVM_MEM_GUEST_MEMFD;
	slot.gmem = gmem_create(p.vm, SIZE, 0);
	memslot_set(p.vm, &slot);
	attributes_set(p.vm, GPA, SIZE, 0);
	touch(&p, 1);
	expect_large(&p, LARGE_PAGES, "large mappings of shared memory");
	attributes_set(p.vm, GPA + LARGE + 4096, 4096, KVM_MEMORY_ATTRIBUTE_PRIVATE);
	agent_write(p.agent, GPA + LARGE + 4096, token(&p, 2));
	touch(&p, 3);
	expect_large(&p, LARGE_PAGES - 1, "large mappings when a page of one is private");
	check(&p, 3, "around a private page");
	if (agent_read(p.agent, GPA + LARGE + 4096) != token(&p, 2))
		verdict_fail(VERDICT_LOST_WRITE, "the private page in the middle");
	attributes_set(p.vm, GPA + LARGE + 4096, 4096, 0);
	/* The small pieces around it may stay. */
	touch(&p, 4);
	check(&p, 4, "shared again");
	close_pages(&p);
}

static const struct subtest subtests[] = {
	{ "page-size/huge", "memory in huge pages is mapped in large pieces", run_huge },
	{ "page-size/small", "memory in small pages is mapped in small pieces", run_small },
	{ "page-size/askew", "a memslot whose addresses differ modulo 2 MiB is mapped in small pieces",
	  run_small, "askew" },
	{ "page-size/short", "a memslot that ends inside of a huge page ends there for the guest",
	  run_short },
	{ "page-size/collapse", "pages that are collapsed under the guest are mapped large, and kept",
	  run_collapse },
	{ "page-size/discard", "one page that is taken out of a huge one is gone, and it alone",
	  run_discard },
	{ "page-size/log", "pages of a large mapping are logged one by one, and grow together again",
	  run_log },
	{ "page-size/attribute", "one private page splits a large mapping, and nothing is lost",
	  run_attribute },
};

int main(int argc, char **argv)
{
	static const struct program program = PROGRAM("page_size_test", subtests);

	return runner_main(argc, argv, &program);
}
