// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lock order: vCPU ioctls, memslot and attribute updates, guest_memfd and MMU notifiers all
 * at once, so that lockdep sees every order in which their locks are taken: vcpu->mutex
 * outside of slots_lock and slots_arch_lock (Documentation/virt/kvm/locking.rst), the
 * guest_memfd's invalidate_lock, mmap_lock, mmu_lock.  The verdict is lockdep's.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "abi/array.h"
#include "harness/fault_guard.h"
#include "harness/known_issues.h"
#include "harness/runner.h"
#include "machine/agent.h"
#include "machine/gmem.h"
#include "memory/memory_operation.h"

#define PAGES		16u
#define SIZE		(PAGES * (uint64_t)TOKEN_PAGE_SIZE)
#define GPA		AGENT_TEST_GPA
#define OTHER_GPA	(AGENT_TEST_GPA_END + SIZE)
#define VCPUS		2u

struct lock_test {
	struct vm *vm;
	struct memory *memory;
	struct agent *agents[VCPUS];
	uint64_t seed;
	uint32_t stop;
};

struct worker {
	struct lock_test *test;
	const char *name;
	void (*step)(struct lock_test *t, struct prng *prng);
	pthread_t thread;
	uint64_t steps;
	unsigned int index;
};

/* Is lockdep there, and does it still watch?  It stops at its first report. */
static void require_lockdep(void)
{
	FILE *f = fopen("/proc/lockdep_stats", "r");
	int watching = -1;
	char line[128];

	while (f && fgets(line, sizeof(line), f))
		sscanf(line, " debug_locks: %d", &watching);
	if (f)
		fclose(f);
	if (watching < 0)
		verdict_skip("no lockdep in this kernel (CONFIG_PROVE_LOCKING; VARIANT=debug has it)");
	if (!watching)
		verdict_skip("lockdep has turned itself off, at an earlier report");
}

/* Faults are what is wanted; whether they succeed is for others to judge. */
static enum agent_action give_up(struct agent *a, const struct vcpu_exit *exit, void *arg)
{
	(void)a;
	(void)exit;
	(void)arg;
	return AGENT_ABORT;
}

static void vcpu_runs(struct lock_test *t, struct agent *a)
{
	struct agent_op op = { .opcode = AGENT_OP_FILL, .gpa = GPA, .size = SIZE, .arg = GPA };

	agent_run(a, &op);
	op = (struct agent_op){
		.opcode = AGENT_OP_CONVERT, .gpa = GPA, .size = SIZE / 2, .arg = 1,
	};
	if (memory_kind_converts(t->memory->kind))
		agent_run(a, &op);
}

static void first_vcpu(struct lock_test *t, struct prng *prng)
{
	(void)prng;
	vcpu_runs(t, t->agents[0]);
}

static void second_vcpu(struct lock_test *t, struct prng *prng)
{
	(void)prng;
	vcpu_runs(t, t->agents[1]);
}

/* Errors are expected: whatever one thread takes another one misses. */
static void operate(struct lock_test *t, enum operation_id id)
{
	if (!(operation_get(id)->memory >> t->memory->kind & 1) || memory_lacks(t->memory, id))
		return;
	memory_do(t->memory, id, 0, PAGES);
	memory_undo(t->memory, id, 0, PAGES);
}

#define DRAW(prng, ids)	((ids)[prng_below(prng, ARRAY_SIZE(ids))])

/* Pre-fault: not while a memslot goes on an ordinary VM (docs/findings.md, 4). */
static void vcpu_ioctls(struct lock_test *t, struct prng *prng)
{
	struct kvm_mp_state state;

	if (memory_kind_converts(t->memory->kind) && prng_below(prng, 2))
		operate(t, OP_PRE_FAULT);
	operate(t, OP_VCPU_CREATE);
	__vcpu_ioctl(t->memory->spare, KVM_GET_MP_STATE, &state);
	__vcpu_ioctl(t->memory->spare, KVM_SET_MP_STATE, &state);
}

static void memslots(struct lock_test *t, struct prng *prng)
{
	static const enum operation_id ids[] = {
		OP_SLOT_DELETE, OP_OTHER_SLOT, OP_SLOT_TOGGLE, OP_SLOT_MOVE, OP_SLOT_LOG,
		OP_SLOT_REPLACE, OP_DIRTY_LOG,
	};

	operate(t, DRAW(prng, ids));
}

static void attributes(struct lock_test *t, struct prng *prng)
{
	operate(t, prng_below(prng, 2) ? OP_TO_PRIVATE : OP_TO_SHARED);
}

/* Another file and its memslot come, and go in either order. */
static void other_file(struct lock_test *t, bool file_first)
{
	struct memslot slot = {
		.id = 101, .gpa = OTHER_GPA, .size = SIZE, .hva = t->memory->hva,
		.flags = KVM_MEM_GUEST_MEMFD,
	};

	slot.gmem = __gmem_create(t->vm, SIZE, memory_gmem_flags(t->memory->kind));
	__memslot_set(t->vm, &slot);
	if (file_first)
		close(slot.gmem);
	__memslot_delete(t->vm, &slot);
	if (!file_first)
		close(slot.gmem);
}

static void files(struct lock_test *t, struct prng *prng)
{
	operate(t, OP_PUNCH);
	operate(t, OP_ALLOCATE);
	if (!prng_below(prng, 4))
		other_file(t, prng_below(prng, 2));
}

static void notifiers(struct lock_test *t, struct prng *prng)
{
	static const enum operation_id ids[] = {
		OP_DISCARD, OP_PROTECT, OP_FORK, OP_REMAP, OP_UNMAP, OP_BIND, OP_PAGE_OUT,
	};

	operate(t, DRAW(prng, ids));
	guarded_write((uint64_t *)t->memory->hva, 1);
}

static void *worker_thread(void *arg)
{
	struct worker *w = arg;
	struct prng prng = { w->test->seed + w->index };

	while (!__atomic_load_n(&w->test->stop, __ATOMIC_RELAXED)) {
		w->step(w->test, &prng);
		__atomic_fetch_add(&w->steps, 1, __ATOMIC_RELAXED);
		verdict_progress();
	}
	return NULL;
}

static uint64_t fewest(const struct worker *workers, unsigned int count)
{
	uint64_t least = UINT64_MAX;
	unsigned int i;

	for (i = 0; i < count; i++) {
		uint64_t steps = __atomic_load_n(&workers[i].steps, __ATOMIC_RELAXED);

		if (steps < least)
			least = steps;
	}
	return least;
}

static void run_workers(struct lock_test *t, struct worker *workers, unsigned int count,
			uint64_t iterations)
{
	static const struct timespec idle = { .tv_nsec = 1000000 };
	unsigned int i;

	for (i = 0; i < count; i++) {
		workers[i].test = t;
		workers[i].index = i;
		if (pthread_create(&workers[i].thread, NULL, worker_thread, &workers[i]))
			verdict_fail(VERDICT_SETUP, "cannot start a thread");
	}
	/* Counted, not timed; who idles here leaves the CPU to the others. */
	while (fewest(workers, count) < iterations)
		nanosleep(&idle, NULL);
	__atomic_store_n(&t->stop, 1, __ATOMIC_RELAXED);
	for (i = 0; i < count; i++)
		pthread_join(workers[i].thread, NULL);
}

static void run_locks(const struct run *run)
{
	const enum memory_kind kind = *(const enum memory_kind *)run->arg;
	struct worker workers[] = {
		{ .name = "vCPU 0", .step = first_vcpu }, { .name = "vCPU 1", .step = second_vcpu },
		{ .name = "vCPU ioctls", .step = vcpu_ioctls },
		{ .name = "memslots", .step = memslots },
		{ .name = "notifiers", .step = notifiers },
		{ .name = "files", .step = files }, { .name = "attributes", .step = attributes },
	};
	unsigned int i, count = ARRAY_SIZE(workers);
	struct lock_test t = { .seed = run->seed };

	require_lockdep();
	t.vm = vm_create(memory_vm_type(kind));
	t.memory = memory_create(t.vm, kind, GPA, SIZE);
	for (i = 0; i < VCPUS; i++) {
		t.agents[i] = agent_create(t.vm, i, -1);
		t.agents[i]->on_fault = give_up;
	}
	t.memory->spare = vcpu_create(t.vm, VCPUS);
	/* Without attributes, and without files, the last ones have nothing to do. */
	count -= !memory_kind_converts(t.memory->kind) + (kind == MEMORY_ANON);
	run_workers(&t, workers, count, run->iterations);
	for (i = 0; i < VCPUS; i++)
		agent_destroy(t.agents[i]);
	vcpu_destroy(t.memory->spare);
	memory_destroy(t.memory);
	vm_destroy(t.vm);
	require_lockdep();
}

#define LOCKS(kind)	run_locks, &(const enum memory_kind){ kind }
#define CLAIM		"lockdep sees all sides of KVM at work and has no complaint"

static const struct subtest subtests[] = {
	{ "lock/private", CLAIM, LOCKS(MEMORY_PRIVATE), &known_hole_warn },
	{ "lock/shared", CLAIM, LOCKS(MEMORY_SHARED), &known_hole_warn },
	{ "lock/sealed", CLAIM, LOCKS(MEMORY_SEALED), &known_hole_warn },
	{ "lock/anonymous", CLAIM, LOCKS(MEMORY_ANON), &known_hole_warn },
};

TEST_PROGRAM("kvm_lock_test", subtests)
