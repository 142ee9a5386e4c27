// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM_PRE_FAULT_MEMORY on one memslot while another one comes and goes: both have to get
 * on.  A pre-fault that repeats itself inside the kernel, in the SRCU section that the
 * memslot update waits for, would keep both for ever.
 */
#include <pthread.h>
#include "harness/known_issues.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/agent.h"
#include "memory/memory.h"

#define PAGES	64u
#define SIZE	(PAGES * page_size())
#define GPA	AGENT_TEST_GPA
#define OTHER	(GPA + (1ull << 30))

/* Seconds without a single call returning after which both sides are stuck. */
#define STUCK	3.0

struct race {
	struct vcpu *vcpu;
	uint64_t pre_faults;	/* calls that have returned */
	uint32_t stop;
};

static void *pre_fault_thread(void *arg)
{
	struct race *r = arg;

	while (!__atomic_load_n(&r->stop, __ATOMIC_RELAXED)) {
		struct kvm_pre_fault_memory range = { .gpa = GPA, .size = SIZE };

		__vcpu_ioctl(r->vcpu, KVM_PRE_FAULT_MEMORY, &range);
		__atomic_fetch_add(&r->pre_faults, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

/* Until both sides have done their rounds; a side that stands still is waited for in vain. */
static void update(struct race *r, struct memory *other, uint64_t rounds)
{
	uint64_t updates, seen = 0, now = 0;

	for (updates = 0; updates < rounds || now < rounds; updates++) {
		memory_unplug(other);
		memory_plug(other);
		now = __atomic_load_n(&r->pre_faults, __ATOMIC_RELAXED);
		if (now != seen)
			verdict_progress();
		seen = now;
	}
}

static void run_race(const struct run *run)
{
	const enum memory_kind kind = *(const enum memory_kind *)run->arg;
	struct vm *vm = vm_create(memory_vm_type(kind));
	struct race r = { .vcpu = vcpu_create(vm, 0) };
	struct memory *ram = memory_create(vm, kind, GPA, SIZE);
	struct memory *other;
	pthread_t thread;

	if (!vm_cap(vm, KVM_CAP_PRE_FAULT_MEMORY))
		verdict_skip("no pre-fault (KVM_CAP_PRE_FAULT_MEMORY is 0)");
	other = memory_create(vm, kind, OTHER, SIZE);
	verdict_patience(STUCK);
	verdict_require(!pthread_create(&thread, NULL, pre_fault_thread, &r), "thread");
	update(&r, other, 20 * run->iterations);
	__atomic_store_n(&r.stop, 1, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	memory_destroy(other);
	memory_destroy(ram);
	vcpu_destroy(r.vcpu);
	vm_destroy(vm);
}

#define RACE(kind)	run_race, &(const enum memory_kind){ kind }

static const struct subtest subtests[] = {
	{ "pre-fault/slot-anonymous",
	  "pre-fault of one anonymous memslot and deletion of another both get on",
	  RACE(MEMORY_ANON), &known_pre_fault_hang },
	{ "pre-fault/slot-shared",
	  "pre-fault of one shared memslot and deletion of another both get on",
	  RACE(MEMORY_SHARED), &known_pre_fault_hang },
	{ "pre-fault/slot-private",
	  "pre-fault of one private memslot and deletion of another both get on",
	  RACE(MEMORY_PRIVATE) },
};

TEST_PROGRAM("gmem_prefault_race_test", subtests)
