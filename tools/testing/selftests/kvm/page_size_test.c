// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page sizes: KVM maps 2 MiB at once where memory, memslot and attributes let it, in smaller pieces
 * where they do not, and changes that under a running guest: lib/machine/mappings.h tells.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/agent.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "scenario/large.h"

#define GPA		AGENT_TEST_GPA

static void run_huge(const struct run *run)
{
	struct large p = large_open_on(vm_default, *(const enum large_backing *)run->arg, 0, true);

	large_touch(&p, 1);
	large_expect(&p, LARGE_COUNT, "large mappings of memory in huge pages");
	large_check(&p, 1, "in huge pages");
	large_close(&p);
}

/* Guest and host address differ below 2 MiB, or the memory is in small pages: no large mapping. */
static void run_small(const struct run *run)
{
	const bool odd = run->arg;
	struct large p = large_open(vm_default, odd ? 4096 : 0, odd);

	large_touch(&p, 1);
	large_expect(&p, 0, odd ? "large mappings of a memslot that lies askew" :
		     "large mappings of memory in small pages");
	large_check(&p, 1, odd ? "askew" : "in small pages");
	large_close(&p);
}

/* A memslot that ends inside of a huge page: what is beyond is not the guest's. */
static void run_short(const struct run *run)
{
	struct large p = large_open(vm_default, 0, true);
	const uint64_t end = LARGE_BYTES - 5 * 4096;

	(void)run;
	memslot_delete(p.vm, &p.slot);
	p.slot.size = end;
	memslot_set(p.vm, &p.slot);
	agent_write(p.agent, GPA + end - 4096, large_token(&p, 1));
	agent_write(p.agent, GPA, large_token(&p, 1));
	large_expect(&p, 1, "large mappings of a memslot that ends in a huge page, both touched");
	if (agent_read(p.agent, GPA + end) != WATCH_ABSENT)
		verdict_fail(VERDICT_PERMISSION, "the guest reads memory behind its memslot");
	large_close(&p);
}

/* Small pages become a huge one under the guest, which goes on using it. */
static void run_collapse(const struct run *run)
{
	struct large p = large_open(vm_default, 0, false);

	(void)run;
	large_touch(&p, 1);
	large_expect(&p, 0, "large mappings before");
	madvise(p.hva, LARGE_BYTES, MADV_HUGEPAGE);
	large_collapse(&p);
	large_check(&p, 1, "collapsed");
	large_touch(&p, 2);
	large_expect(&p, LARGE_COUNT, "large mappings of what was collapsed");
	large_check(&p, 2, "written when it had been collapsed");
	large_close(&p);
}

/* The host takes one small page out of a huge one. */
static void run_discard(const struct run *run)
{
	struct large p = large_open(vm_default, 0, true);
	const uint64_t gone = LARGE_SIZE + 37 * 4096;

	(void)run;
	large_touch(&p, 1);
	large_expect(&p, LARGE_COUNT, "large mappings before");
	agent_write(p.agent, GPA + gone, large_token(&p, 3));
	agent_write(p.agent, GPA + gone + 4096, large_token(&p, 4));
	verdict_require(!madvise(p.hva + gone, 4096, MADV_DONTNEED), "MADV_DONTNEED");
	agent_check_zero(p.agent, GPA + gone, 4096, "a page that was taken out of a huge one");
	if (agent_read(p.agent, GPA + gone + 4096) != large_token(&p, 4))
		verdict_fail(VERDICT_LOST_WRITE, "the neighbour of a page that was taken out");
	large_expect(&p, LARGE_COUNT - 1, "large mappings after");
	large_close(&p);
}

/* The guest writes to pages of a memslot that logs, and each of them has to be in the log. */
static void check_log(struct large *p, const char *when)
{
	static const uint64_t written[] = {
		0, 5, LARGE_PAGES - 1, LARGE_PAGES, 2 * LARGE_PAGES + 7, 3 * LARGE_PAGES - 1,
	};
	uint64_t bits[LARGE_BYTES / 4096 / 64] = { 0 };
	struct kvm_dirty_log log = { .slot = p->slot.id, .dirty_bitmap = bits };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(written); i++)
		agent_write(p->agent, p->slot.gpa + written[i] * 4096 + 8, large_token(p, 2));
	vm_ioctl(p->vm, KVM_GET_DIRTY_LOG, &log);
	for (i = 0; i < ARRAY_SIZE(written); i++)
		if (!(bits[written[i] / 64] >> written[i] % 64 & 1))
			verdict_fail(VERDICT_LOST_WRITE,
				     "%s: page %llu was written, and is not logged", when,
				     (unsigned long long)written[i]);
	large_check(p, 1, when);
}

/* Pages that the guest writes while memory in huge pages is logged are in the log, one by one. */
static void set_logging(struct large *p, bool on)
{
	p->slot.flags = on ? KVM_MEM_LOG_DIRTY_PAGES : 0;
	memslot_set(p->vm, &p->slot);
}

/* @shift: where the memslot begins, bytes from a boundary of 1 GiB. */
struct logged {
	enum large_backing backing;
	uint64_t shift;
};

static void run_log(const struct run *run)
{
	const struct logged *how = run->arg;
	struct large p = large_open_on(vm_default, how->backing, how->shift, true);

	large_touch(&p, 1);
	large_expect(&p, LARGE_COUNT, "large mappings before");
	set_logging(&p, true);
	set_logging(&p, false);
	large_check(&p, 1, "logged for a moment");
	set_logging(&p, true);
	check_log(&p, "mapped before it was logged");
	memslot_delete(p.vm, &p.slot);
	memslot_set(p.vm, &p.slot);
	check_log(&p, "logged from the beginning");
	set_logging(&p, false);
	if (!mappings_rejoin()) {
		memslot_delete(p.vm, &p.slot);
		memslot_set(p.vm, &p.slot);
	}
	large_touch(&p, 3);
	large_expect(&p, LARGE_COUNT, "large mappings when logging has ended");
	large_check(&p, 3, "no longer logged");
	large_close(&p);
}

/* A small part of a huge page becomes private, and shared again. */
static void run_attribute(const struct run *run)
{
	const struct vm_type *type = vm_type_private();
	struct memslot slot;
	struct large p;

	(void)run;
	if (!type)
		verdict_skip("no VM type with private memory is offered");
	attributes_require(ATTRIBUTES_OF_VM);
	p = large_open(type, 0, true);
	memslot_delete(p.vm, &p.slot);
	slot = p.slot;
	slot.flags = KVM_MEM_GUEST_MEMFD;
	slot.gmem = gmem_create(p.vm, LARGE_BYTES, 0);
	memslot_set(p.vm, &slot);
	attributes_set(p.vm, GPA, LARGE_BYTES, 0);
	large_touch(&p, 1);
	large_expect(&p, LARGE_COUNT, "large mappings of shared memory");
	attributes_set(p.vm, GPA + LARGE_SIZE + 4096, 4096, KVM_MEMORY_ATTRIBUTE_PRIVATE);
	agent_write(p.agent, GPA + LARGE_SIZE + 4096, large_token(&p, 2));
	large_touch(&p, 3);
	large_expect(&p, LARGE_COUNT - 1, "large mappings when a page of one is private");
	large_check(&p, 3, "around a private page");
	if (agent_read(p.agent, GPA + LARGE_SIZE + 4096) != large_token(&p, 2))
		verdict_fail(VERDICT_LOST_WRITE, "the private page in the middle");
	attributes_set(p.vm, GPA + LARGE_SIZE + 4096, 4096, 0);
	/* The small pieces around it may stay. */
	large_touch(&p, 4);
	large_check(&p, 4, "shared again");
	large_close(&p);
}

#define LOG(...)	run_log, &(const struct logged){ __VA_ARGS__ }

static const struct subtest subtests[] = {
	{ "page-size/huge", "memory in huge pages is mapped in large pieces", run_huge,
	  &(const enum large_backing){ LARGE_ANONYMOUS } },
	{ "page-size/huge-shmem", "shared memory in huge pages is mapped in large pieces", run_huge,
	  &(const enum large_backing){ LARGE_SHMEM } },
	{ "page-size/huge-hugetlb", "memory of hugetlb is mapped in large pieces", run_huge,
	  &(const enum large_backing){ LARGE_HUGETLB } },
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
	  LOG(LARGE_ANONYMOUS) },
	{ "page-size/log-shmem", "pages of a large mapping of shared memory are logged one by one",
	  LOG(LARGE_SHMEM) },
	{ "page-size/log-hugetlb", "pages of a large mapping of hugetlb are logged one by one",
	  LOG(LARGE_HUGETLB) },
	{ "page-size/log-inside", "logging begins and ends on a memslot inside of a page of 1 GiB",
	  LOG(LARGE_ANONYMOUS, LARGE_SIZE) },
	{ "page-size/attribute", "one private page splits a large mapping, and nothing is lost",
	  run_attribute },
};

TEST_PROGRAM("page_size_test", subtests)
