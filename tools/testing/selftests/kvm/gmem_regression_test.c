// SPDX-License-Identifier: GPL-2.0-only
/* Faults that Linux once had, each with a test of its own. */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "aim/interrupter.h"
#include "aim/opponent.h"
#include "harness/known_issues.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "memory/memory.h"
#include "race/race.h"
#include "scenario/scene.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif
#define HUGE_SIZE	(2ull << 20)
#define GPA		AGENT_TEST_GPA

struct pair {
	const char *side[2];
	enum memory_kind kind;
	void (*after)(struct race *r);
};

static void run_pair(const struct run *run)
{
	const struct pair *pair = run->arg;
	struct race_config config = {
		.side = { race_side_find(pair->side[0]), race_side_find(pair->side[1]) },
		.kind = pair->kind, .seed = run->seed, .duration = run->duration,
		.after = pair->after,
	};
	struct race_result r = race_run(&config);

	verdict_exercised(r.races, r.overlaps);
}

/* Whatever a fault brought in beside the first punch, the next one takes away. */
static void punch_again(struct race *r)
{
	struct event event = {
		.begin = race_ticket(r), .page = r->first, .pages = r->pages, .kind = EVENT_RESET,
		.flags = r->kind == MEMORY_SPLIT ? EVENT_COPY0 : 0,
	};

	gmem_punch(r->stage->memory->gmem, r->first * PAGE, r->pages * PAGE);
	event.end = race_ticket(r);
	race_log(r, &r->stage->hosts[0], event);
}

/* The page that the guest has mapped itself, as shared memory of the file. */
static void punch_shared(const struct run *run)
{
	struct scene s = scene_open(MEMORY_SHARED, PAGE);
	uint64_t i;

	for (i = 0; i < run->iterations; i++) {
		agent_fill(s.agent, GPA, GPA, PAGE, token_make(s.vm->number, 0, i, 0, 0));
		gmem_punch(s.ram->gmem, 0, PAGE);
		agent_check_zero(s.agent, GPA, PAGE, "shared guest_memfd after a punch");
	}
	scene_close(&s);
}

static void plug(void *ram)
{
	memory_plug(ram);
}

/*
 * A memslot of that size is ready some time after its creation has begun.  Not its first page: KVM
 * takes the first rmap of none for the end of a walk (slot_rmap_walk_okay() in mmu/mmu.c).
 */
static void punch_slot_create(const struct run *run)
{
	struct scene s = scene_open(MEMORY_SHARED, 1ull << 30);
	const uint64_t at = 8 * PAGE;
	struct opponent o;
	uint64_t i;

	opponent_start(&o, plug, s.ram, run->seed);
	for (i = 0; i < run->iterations; i++) {
		agent_fill(s.agent, GPA, GPA + at, PAGE, token_make(s.vm->number, 0, i, 0, 0));
		memory_unplug(s.ram);
		opponent_begin(&o);
		gmem_punch(s.ram->gmem, at, PAGE);
		opponent_end(&o);
		opponent_wait(&o);
		agent_check_zero(s.agent, GPA + at, PAGE, "a page punched while its memslot came");
		verdict_progress();
	}
	opponent_stop(&o);
	scene_close(&s);
}

/* Refused; and a punch afterwards finds the binding as it was. */
static void flag_toggle(const struct run *run)
{
	struct scene s = scene_open(MEMORY_PRIVATE, PAGE);
	struct memslot toggled = s.ram->slots[0];
	uint64_t i;
	int r;

	toggled.flags = 0;
	for (i = 0; i < run->iterations; i++) {
		agent_fill(s.agent, GPA, GPA, PAGE, token_make(s.vm->number, 0, i, 0, 0));
		r = __memslot_set(s.vm, &toggled);
		if (r != -EINVAL)
			verdict_fail(VERDICT_ABI,
				     "KVM_MEM_GUEST_MEMFD cleared on an existing memslot: %s, expected EINVAL",
				     strerror(-r));
		gmem_punch(s.ram->gmem, 0, PAGE);
		agent_check_zero(s.agent, GPA, PAGE, "private memory after a punch");
	}
	scene_close(&s);
}

/* api.rst, 4.143: EINTR only if no page was done, else 0 and what is left; never neither. */
static void check_progress(const struct kvm_pre_fault_memory *before,
			   const struct kvm_pre_fault_memory *after, int r)
{
	uint64_t done = before->size - after->size;

	if (after->gpa - before->gpa != done || done > before->size)
		verdict_fail(VERDICT_ABI, "pre-fault of %#llx bytes at %#llx left %#llx at %#llx",
			     before->size, before->gpa, after->size, after->gpa);
	if ((r && r != -EINTR && r != -EAGAIN) || (!r && !done) || (r && done))
		verdict_fail(VERDICT_ABI, "pre-fault returned %d after %#llx bytes", r,
			     (unsigned long long)done);
}

static void pre_fault_signals(const struct run *run)
{
	const uint64_t size = 4 * HUGE_SIZE;
	struct vm *vm = vm_create(memory_vm_type(MEMORY_PRIVATE));
	struct vcpu *vcpu = vcpu_create(vm, 0);
	struct memory *ram = memory_create(vm, MEMORY_PRIVATE, GPA, size);
	struct interrupter *interrupter;
	uint64_t i, calls = 0, cut = 0;

	if (!vm_cap(vm, KVM_CAP_PRE_FAULT_MEMORY))
		verdict_skip("no pre-fault (KVM_CAP_PRE_FAULT_MEMORY is 0)");
	interrupter = interrupter_start();
	for (i = 0; i < run->iterations / 10 + 1; i++) {
		struct kvm_pre_fault_memory range = { .gpa = GPA, .size = size };

		while (range.size) {
			struct kvm_pre_fault_memory before = range;
			int r = __vcpu_ioctl(vcpu, KVM_PRE_FAULT_MEMORY, &range);

			check_progress(&before, &range, r);
			calls++;
			cut += r == -EINTR || range.size;
			verdict_progress();
		}
		gmem_punch(ram->gmem, 0, size);
	}
	interrupter_stop(interrupter);
	verdict_exercised(calls, cut);
	memory_destroy(ram);
	vcpu_destroy(vcpu);
	vm_destroy(vm);
}

/*
 * All of 2 MiB is shared, and may be mapped as one page, while one small page of it becomes
 * private.  Afterwards that page is the private one, whatever a fault beside it has mapped.
 */
static void huge_mixed(const struct run *run)
{
	const uint32_t pages = HUGE_SIZE / PAGE;
	struct vm *vm = vm_create(memory_vm_type(MEMORY_SPLIT));
	struct agent *a = agent_create(vm, 0, 1);
	struct memory *ram = memory_create(vm, MEMORY_SPLIT, GPA, HUGE_SIZE);
	uint64_t private_token = token_make(vm->number, 0, 1, 0, 0), i;
	struct prng prng = { run->seed };

	agent_fill(a, GPA, GPA, HUGE_SIZE, private_token);
	memset(ram->hva, 0xee, HUGE_SIZE);
	for (i = 0; i < 10 * run->iterations; i++) {
		uint64_t gpa = GPA + prng_below(&prng, pages) * PAGE;
		uint64_t beside = GPA + prng_below(&prng, pages) * PAGE;
		struct agent_op op = { .opcode = AGENT_OP_READ, .gpa = beside };
		const struct agent_result *r;

		attributes_set(vm, GPA, HUGE_SIZE, 0);
		agent_post(a, &op);
		attributes_set(vm, gpa, PAGE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
		r = agent_wait(a);
		/* The page itself may fault while it is converted; any other may not. */
		if (r->status != AGENT_OK && beside != gpa)
			verdict_fail(VERDICT_PERMISSION, "no access to shared page %llu while page %llu became private",
				     (unsigned long long)((beside - GPA) / PAGE),
				     (unsigned long long)((gpa - GPA) / PAGE));
		agent_verify(a, GPA, gpa, PAGE, private_token,
			     "a page that became private, of 2 MiB that were shared");
		verdict_progress();
	}
	agent_destroy(a);
	memory_destroy(ram);
	vm_destroy(vm);
}

/* A hugepage in a guest_memfd would be cleared and mapped as if it were small. */
static void collapse(const struct run *run)
{
	struct scene s = scene_open(MEMORY_SHARED, 2 * HUGE_SIZE);
	const uint64_t token = token_make(s.vm->number, 0, 1, 0, 0);
	/* All words are half a million, and KVM's emulator takes a minute for them. */
	const uint64_t size = s.vm->level == VM_LEVEL_EMULATOR ? 32 * PAGE : s.ram->size;
	uint8_t *aligned = (uint8_t *)(((uintptr_t)s.ram->hva + HUGE_SIZE - 1) & -HUGE_SIZE);
	int r;

	(void)run;
	gmem_allocate(s.ram->gmem, 0, s.ram->size);
	agent_fill(s.agent, GPA, GPA, size, token);
	r = madvise(aligned, HUGE_SIZE, MADV_COLLAPSE) ? errno : 0;
	if (r != EINVAL)
		verdict_fail(VERDICT_ABI, "MADV_COLLAPSE of a guest_memfd: %s, expected EINVAL",
			     strerror(r));
	agent_verify(s.agent, GPA, GPA, size, token, "guest_memfd after MADV_COLLAPSE");
	gmem_punch(s.ram->gmem, 0, s.ram->size);
	agent_check_zero(s.agent, GPA, size, "guest_memfd punched after MADV_COLLAPSE");
	scene_close(&s);
}

/* The kernel log is the verdict: no CPU may be stuck in it (watchdog, RCU). */
static void huge_attributes(const struct run *run)
{
	const uint64_t size = 1ull << 30;
	struct vm *vm = vm_create_bare(memory_vm_type(MEMORY_PRIVATE));
	struct memory *ram = memory_create(vm, MEMORY_PRIVATE, GPA, size);

	(void)run;
	attributes_set(vm, GPA, size, 0);
	attributes_set(vm, GPA, size, KVM_MEMORY_ATTRIBUTE_PRIVATE);
	memory_destroy(ram);
	vm_destroy(vm);
}

#define PAIR(a, b, ...)	run_pair, &(const struct pair){ { a, b }, __VA_ARGS__ }

static const struct subtest subtests[] = {
	{ "regress/close-slot-delete-private",
	  "the last reference to a private file goes while KVM deletes its memslot, and neither harms the other",
	  PAIR("slot-delete", "file-close", MEMORY_PRIVATE),
	  .fixed = "6.18: KVM: guest_memfd: Remove bindings on memslot deletion when gmem is dying" },
	{ "regress/close-slot-delete-shared",
	  "the last reference to a mappable file goes while KVM deletes its memslot, and neither harms the other",
	  PAIR("slot-delete", "file-close", MEMORY_SHARED),
	  .fixed = "6.18: KVM: guest_memfd: Remove bindings on memslot deletion when gmem is dying" },
	{ "regress/flag-toggle", "KVM refuses to clear KVM_MEM_GUEST_MEMFD of a memslot",
	  flag_toggle,
	  .fixed = "6.19: KVM: Disallow toggling KVM_MEM_GUEST_MEMFD on an existing memslot" },
	{ "regress/punch-init-shared", "a punch removes pages that the guest has mapped as shared",
	  punch_shared,
	  .fixed = "6.18: KVM: guest_memfd: Invalidate SHARED GPAs if gmem supports INIT_SHARED" },
	{ "regress/punch-slot-create", "a punch does not find a large memslot that is not ready yet",
	  punch_slot_create,
	  .fixed = "7.3.3: KVM: guest_memfd: Establish memslot<=>guest_memfd bindings *after* memslot is ready" },
	{ "regress/pre-fault-slot-delete",
	  "pre-fault returns when its memslot is deleted meanwhile",
	  PAIR("pre-fault", "slot-delete", MEMORY_PRIVATE),
	  .fixed = MENDED_PRE_FAULT_SLOTS },
	{ "regress/pre-fault-slot-move", "pre-fault returns when its memslot is moved meanwhile",
	  PAIR("pre-fault", "slot-move", MEMORY_ANON),
	  .fixed = MENDED_PRE_FAULT_SLOTS },
	{ "regress/pre-fault-signal", "pre-fault that a signal interrupts says how far it got",
	  pre_fault_signals },
	{ "regress/huge-mixed", "a page of 2 MiB becomes private beside a fault", huge_mixed,
	  .fixed = "6.15: KVM: x86/mmu: Prevent installing hugepages when mem attributes are changing" },
	{ "regress/huge-attributes", "attributes of 1 GiB are set without a stall",
	  huge_attributes,
	  .fixed = "6.16: KVM: Allow CPU to reschedule while setting per-page memory attributes" },
	{ "regress/collapse", "a guest_memfd never gets hugepages", collapse,
	  .fixed = "7.0: mm: thp: deny THP for files on anonymous inodes" },
	/* Of kernels that prepare pages lazily: a fault that raced a punch leaves nothing. */
	{ "regress/punch-again-private",
	  "a second punch removes what a fault brought into private memory beside the first",
	  PAIR("guest-write", "punch", MEMORY_PRIVATE, punch_again) },
	{ "regress/punch-again-shared",
	  "a second punch removes what a fault brought into shared memory beside the first",
	  PAIR("guest-write", "punch", MEMORY_SHARED, punch_again) },
};

TEST_PROGRAM("gmem_regression_test", subtests, .duration = 0.5)
