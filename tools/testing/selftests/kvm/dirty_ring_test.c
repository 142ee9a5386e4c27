// SPDX-License-Identifier: GPL-2.0-only
/*
 * The dirty ring: what a vCPU has written is in its ring, and a page that was taken back from the
 * ring is in it again when it is written again; also if signals cut the taking back short, and if
 * user space spoils entries, which it can write to.
 */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "abi/array.h"
#include "aim/interrupter.h"
#include "harness/known_issues.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/agent.h"
#include "machine/dirty_ring.h"
#include "memory/memory.h"

#define GPA	AGENT_TEST_GPA
#define PAGES	2048u
#define COUNT	8192u	/* entries: more than all pages, and what KVM keeps in reserve */
#define SMALL	1024u	/* fewer */
#define BACKWARDS	200u

struct rig {
	struct vm *vm;
	struct memory *ram;
	struct agent *a;
	struct dirty_ring ring;
	uint32_t filled;	/* pages that fill() is about */
	bool seen[PAGES];	/* a page was in the ring */
};

/* What a rig is on: memory in huge pages or not, a bitmap beside the rings or none. */
struct base {
	int advice;
	bool bitmap;
};

static struct rig *open_rig_on(uint32_t count, const struct base *base)
{
	const struct plan_memslot layout = { .pages = PAGES };
	const struct memory_config config = {
		.kind = MEMORY_ANON, .gpa = GPA, .pages = PAGES, .layout = &layout, .count = 1,
		.dirty_log = true,
	};
	static struct rig r;

	memset(&r, 0, sizeof(r));
	r.vm = vm_create(vm_default);
	dirty_ring_enable(r.vm, count);
	if (base->bitmap)
		dirty_ring_add_bitmap(r.vm);
	r.ram = memory_create_slots(r.vm, &config);
	madvise(memory_at(r.ram, 0), PAGES * page_size(), base->advice);
	r.filled = PAGES;
	r.a = agent_create(r.vm, 0, 0);
	r.ring = dirty_ring_map(r.a->vcpu, count);
	return &r;
}

/* In small pages, so that each of them is mapped, and logged, for itself. */
static const struct base small = { MADV_NOHUGEPAGE };

static void close_rig(struct rig *r)
{
	dirty_ring_unmap(&r->ring);
	agent_destroy(r->a);
	memory_destroy(r->ram);
	vm_destroy(r->vm);
}

/* Return: how many entries there were. */
static uint32_t take_all(struct rig *r)
{
	const struct kvm_dirty_gfn *entry;
	uint32_t taken = 0;

	while ((entry = dirty_ring_take(&r->ring))) {
		taken++;
		if (entry->slot != r->ram->slots[0].id)
			continue;
		if (entry->offset >= PAGES)
			verdict_fail(VERDICT_ABI, "an entry for page %llu of %u",
				     (unsigned long long)entry->offset, PAGES);
		r->seen[entry->offset] = true;
	}
	return taken;
}

/* Return: how many calls it took. */
static unsigned int reset(struct rig *r, uint32_t taken)
{
	unsigned int calls = 0;
	int done;

	for (; taken; taken -= done, calls++) {
		done = __vm_ioctl(r->vm, KVM_RESET_DIRTY_RINGS, NULL);
		if (done < 0 || (uint32_t)done > taken)
			verdict_fail(VERDICT_ABI, "KVM_RESET_DIRTY_RINGS of %u entries: %d", taken,
				     done);
		/* A kernel that takes nothing back for ever is a hang. */
		if (done)
			verdict_progress();
	}
	return calls;
}

static struct agent_op fill(struct rig *r, uint64_t round)
{
	memset(r->seen, 0, sizeof(r->seen));
	return (struct agent_op){
		.opcode = AGENT_OP_FILL, .gpa = GPA, .size = r->filled * page_size(),
		.value = token_make(0, TOKEN_ACTOR_FILL, round, 0, 0),
	};
}

static void write_all(struct rig *r, uint64_t round)
{
	const struct agent_op op = fill(r, round);

	if (r->vm->level == VM_LEVEL_EMULATOR)
		verdict_skip("every write that KVM emulates is an entry of its own: more than a ring has");
	agent_expect_ok(r->a, &op, VERDICT_ABI, "fill");
}

static void expect_all(struct rig *r, uint32_t pages, const char *what)
{
	uint32_t page, missing = 0, first = 0;

	for (page = 0; page < pages; page++)
		if (!r->seen[page] && !missing++)
			first = page;
	if (missing)
		verdict_fail(VERDICT_LOST_WRITE, "%s: %u pages were written and are not in the ring, the first is %u",
			     what, missing, first);
}

static void run_ring(const struct run *run)
{
	struct rig *r = open_rig_on(COUNT, run->arg);
	uint64_t i;

	for (i = 0; i < run->iterations; i++) {
		write_all(r, i + 1);
		reset(r, take_all(r));
		expect_all(r, PAGES, "pages that were taken back from the ring");
	}
	close_rig(r);
}

static void run_backwards(const struct run *run)
{
	struct rig *r = open_rig_on(COUNT, &small);
	uint32_t page;
	uint64_t i;

	for (i = 0; i < run->iterations; i++) {
		memset(r->seen, 0, sizeof(r->seen));
		for (page = BACKWARDS; page--;)
			agent_write(r->a, GPA + page * page_size(), i + 1);
		reset(r, take_all(r));
		expect_all(r, BACKWARDS, "pages from the last to the first");
	}
	close_rig(r);
}

/* The entries that a call has looked at when a signal ends it have to be dealt with. */
static void run_signal(const struct run *run)
{
	struct rig *r = open_rig_on(COUNT, &small);
	struct interrupter *interrupter;
	uint64_t i, short_calls = 0;
	uint32_t taken;

	for (i = 0; i < 8 * run->iterations; i++) {
		write_all(r, i + 1);
		taken = take_all(r);
		expect_all(r, PAGES,
			   short_calls ? "after a reset that a signal cut short" : "at first");
		interrupter = interrupter_start();
		short_calls += reset(r, taken) - 1;
		interrupter_stop(interrupter);
	}
	verdict_exercised(8 * run->iterations, short_calls);
	close_rig(r);
}

/* A vCPU whose ring is full waits until entries are taken back. */
static void run_full(const struct run *run)
{
	struct rig *r = open_rig_on(SMALL, &small);
	uint64_t i, full = 0, seen;

	if (r->vm->level == VM_LEVEL_EMULATOR)
		r->filled = 32;	/* each of their words is an entry */
	for (i = 0; i < run->iterations; i++) {
		const struct agent_op op = fill(r, i + 1);

		agent_post(r->a, &op);
		for (seen = 0; __atomic_load_n(&r->a->mb->state, __ATOMIC_ACQUIRE) != AGENT_IDLE;
		     sched_yield()) {
			if (__atomic_load_n(&r->a->ring_full, __ATOMIC_RELAXED) == seen)
				continue;
			reset(r, take_all(r));
			seen = __atomic_load_n(&r->a->ring_full, __ATOMIC_RELAXED);
		}
		agent_wait(r->a);
		reset(r, take_all(r));
		full += r->a->ring_full;
		expect_all(r, r->filled, "a ring that was full");
	}
	verdict_exercised(run->iterations, full);
	close_rig(r);
}

/* User space can write to entries: whatever it writes KVM refuses, or does nothing about. */
static void run_spoilt(const struct run *run)
{
	static const struct kvm_dirty_gfn bad[] = {
		{ .slot = 0xffff, .offset = 0 }, { .slot = 0xffff0000, .offset = 0 },
		{ .slot = 0x7fff, .offset = 5 }, { .offset = PAGES }, { .offset = ~0ull },
		{ .offset = 0 }, { .offset = PAGES - 1 }, { .offset = 1ull << 63 },
		{ .offset = ~0ull - 1 }, { .offset = ~0ull - 62 }, { .offset = 1 },
	};
	struct rig *r = open_rig_on(COUNT, &small);
	struct prng prng = { run->seed };
	uint64_t i;
	uint32_t j, taken;

	for (i = 0; i < run->iterations; i++) {
		write_all(r, i + 1);
		taken = take_all(r);
		for (j = 0; j < taken; j++) {
			struct kvm_dirty_gfn *entry =
				&r->ring.entries[(r->ring.next - taken + j) & (COUNT - 1)];
			const struct kvm_dirty_gfn *b = &bad[prng_below(&prng, ARRAY_SIZE(bad))];

			entry->slot = b->slot ? b->slot : r->ram->slots[0].id;
			entry->offset = b->offset;
		}
		reset(r, taken);
	}
	close_rig(r);
}

static void run_api(const struct run *run)
{
	const uint64_t most = kvm_cap(dirty_ring_cap());
	struct vm *vm = vm_create(vm_default), *late = vm_create(vm_default);
	struct kvm_dirty_log log = { .slot = 0 };
	int vcpu = vm_ioctl(late, KVM_CREATE_VCPU, NULL);

	(void)run;
	verdict_errno("a ring of no size", __dirty_ring_enable(vm, 0), EINVAL);
	verdict_errno("a ring whose size is no power of two",
		      __dirty_ring_enable(vm, 3 * page_size()), EINVAL);
	verdict_errno("a ring smaller than a page", __dirty_ring_enable(vm, page_size() / 2),
		      EINVAL);
	verdict_errno("a ring larger than the capability says", __dirty_ring_enable(vm, 2 * most),
		      E2BIG);
	verdict_errno("a reset without a ring", __vm_ioctl(vm, KVM_RESET_DIRTY_RINGS, NULL),
		      EINVAL);
	verdict_errno("a ring as large as the capability says", __dirty_ring_enable(vm, most), 0);
	verdict_errno("a second ring", __dirty_ring_enable(vm, most), EINVAL);
	verdict_errno("a reset of nothing", __vm_ioctl(vm, KVM_RESET_DIRTY_RINGS, NULL), 0);
	verdict_errno("KVM_GET_DIRTY_LOG of a VM with rings",
		      __vm_ioctl(vm, KVM_GET_DIRTY_LOG, &log), ENXIO);
	verdict_errno("a ring after the first vCPU", __dirty_ring_enable(late, most), EINVAL);
	close(vcpu);
	vm_destroy(late);
	vm_destroy(vm);
}

/* Where a ring alone does not have memory mapped page by page. */
#ifdef __aarch64__
#define UNTRACKED	&known_ring_untracked
#else
#define UNTRACKED	NULL
#endif

static const struct subtest subtests[] = {
	{ "dirty-ring/api", "sizes and calls that make no sense are refused", run_api },
	{ "dirty-ring/ring", "what a vCPU has written is in its ring, again and again",
	  run_ring, &small },
	{ "dirty-ring/huge", "what a vCPU has written to memory in huge pages is in its ring",
	  run_ring, &(const struct base){ MADV_HUGEPAGE }, UNTRACKED },
	{ "dirty-ring/bitmap", "what a vCPU writes to huge pages is in its ring beside a bitmap",
	  run_ring, &(const struct base){ MADV_HUGEPAGE, true } },
	{ "dirty-ring/backwards", "what is written from the last page to the first is in the ring, too",
	  run_backwards },
	{ "dirty-ring/full", "a vCPU with a full ring waits, and nothing is lost", run_full },
	{ "dirty-ring/signal", "a reset that a signal cuts short loses no page", run_signal, NULL,
	  &known_ring_signal },
	{ "dirty-ring/spoilt", "entries that user space has spoilt do no harm", run_spoilt },
};

TEST_PROGRAM("dirty_ring_test", subtests, .iterations = 5)
