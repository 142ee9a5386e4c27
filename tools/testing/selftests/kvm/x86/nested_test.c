// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest that is a hypervisor: what KVM keeps of it and for it, while memory comes and goes.  That
 * L2's accesses reach the right memory is what all other programs check with --level l2 or l2-npt.
 */
#include <errno.h>
#include <pthread.h>
#include "abi/x86/agent_arch.h"
#include "abi/x86/vmcb.h"
#include "harness/diagnose.h"
#include "harness/known_issues.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/agent.h"
#include "machine/x86/guest_tables.h"
#include "machine/x86/level.h"
#include "machine/x86/nested.h"
#include "memory/memory.h"
#include "scenario/keeping.h"

#define GPA	AGENT_TEST_GPA
#define PAGES	64u

union nested_state {
	struct kvm_nested_state head;
	uint8_t room[sizeof(struct kvm_nested_state) + 2 * 4096];	/* VMCB, or two VMCSs */
};

static struct vm *create(enum vm_level level, const struct vm_type *type)
{
	struct vm *vm = vm_create(type);

	vm_level_choose(vm, level);
	return vm;
}

static uint64_t token(const struct vm *vm, uint32_t seq, uint32_t page)
{
	return token_make(vm->number, TOKEN_ACTOR_FILL, seq, page, 0);
}

static void call_l1(struct agent *a, uint64_t what, uint64_t value)
{
	const struct agent_op op = { .opcode = AGENT_OP_L1, .arg = what, .value = value };

	agent_expect_ok(a, &op, VERDICT_ABI, "a call of L1 by L2");
}

/* The agent runs in L2, and L1 is behind it. */
static void run_boot(const struct run *run)
{
	const enum vm_level level = *(const enum vm_level *)run->arg;
	struct vm *vm = create(level, vm_default);
	struct memory *ram = memory_create(vm, MEMORY_ANON, GPA, PAGES * PAGE);
	struct agent *a = agent_create(vm, 0, 0);
	const struct agent_l1 *l1 = nested_l1(a->vcpu);
	uint64_t i;

	for (i = 0; i < run->iterations; i++)
		call_l1(a, AGENT_L1_NOTHING, 0);
	verdict_expect("exits to L1", l1->exits, run->iterations);
	verdict_expect("calls of L1", l1->calls, run->iterations);
	if (!l1->vmx)
		verdict_expect("nested paging",
			       ((struct vmcb *)vm_control_ptr(vm, l1->control))->nested_paging,
			       level == VM_LEVEL_2_NESTED_PAGING);
	agent_write(a, GPA, token(vm, 1, 0));
	verdict_expect("what L2 wrote", *memory_word(ram, GPA), token(vm, 1, 0));
	agent_destroy(a);
	memory_destroy(ram);
	vm_destroy(vm);
}

/*
 * Two roots, each with another frame at the same address; and likewise while L2 changes, under
 * one of them, the frame that the other one leads to.
 */
static void run_root(const struct run *run)
{
	const bool changes = *(const bool *)run->arg;
	struct vm *vm = create(VM_LEVEL_2_NESTED_PAGING, vm_default);
	struct memory *ram = memory_create(vm, MEMORY_ANON, GPA, PAGES * PAGE);
	const struct agent_op load = { .opcode = AGENT_OP_LOAD, .arg = GUEST_TABLES_BASE };
	struct agent_op store = { .opcode = AGENT_OP_STORE };
	uint64_t i, frame[2] = { 0, 1 };
	struct guest_tables t[2];
	struct agent *a;

	for (i = 0; i < PAGES; i++)
		*memory_word(ram, GPA + i * PAGE) = 100 + i;
	for (i = 0; i < 2; i++) {
		guest_tables_create_nested(&t[i], vm);
		*(uint64_t *)vm_control_ptr(vm, guest_tables_small(&t[i], 0, 0)) =
			(GPA + i * PAGE) | PTE_WRITE | t[i].format->page;
	}
	a = agent_create(vm, 0, 0);
	for (i = 0; i < run->iterations; i++) {
		const unsigned int now = i & 1;
		uint64_t found;

		call_l1(a, AGENT_L1_ROOT, t[now].root);
		found = agent_expect_ok(a, &load, VERDICT_ABI, "a load by L1's tables");
		if (found != 100 + frame[now])
			verdict_fail(VERDICT_STALE_MAPPING, "root %u leads to %llu, and L2 reads %llu",
				     now, 100ull + frame[now], (unsigned long long)found);
		if (!changes)
			continue;
		frame[!now] = (frame[!now] + 2) % PAGES;
		store.arg = guest_tables_small(&t[!now], 0, 0);
		store.value = (GPA + frame[!now] * PAGE) | PTE_WRITE | t[!now].format->page;
		agent_expect_ok(a, &store, VERDICT_ABI, "a store to L1's tables");
	}
	agent_destroy(a);
	memory_destroy(ram);
	vm_destroy(vm);
}

/* What user space saves and restores when it migrates such a guest (api.rst, 4.114 and 4.115). */
static void round_trip(const struct vcpu *vcpu)
{
	union nested_state state = { .head.size = sizeof(state) };
	struct kvm_sregs sregs;
	struct kvm_regs regs;
	int r;

	/* The doorbell's OUT is done when the vCPU is entered again. */
	vcpu->run->immediate_exit = 1;
	r = __vcpu_ioctl(vcpu, KVM_RUN, NULL);
	vcpu->run->immediate_exit = 0;
	verdict_expect("KVM_RUN that is to exit at once", -r, EINTR);
	vcpu_ioctl(vcpu, KVM_GET_NESTED_STATE, &state);
	verdict_expect("L2 runs", state.head.flags & KVM_STATE_NESTED_GUEST_MODE,
		       KVM_STATE_NESTED_GUEST_MODE);
	verdict_expect("address of L1's VMCB or VMCS",
		       nested_vmx() ? state.head.hdr.vmx.vmcs12_pa : state.head.hdr.svm.vmcb_pa,
		       nested_l1(vcpu)->control);
	vcpu_ioctl(vcpu, KVM_GET_SREGS, &sregs);
	vcpu_ioctl(vcpu, KVM_GET_REGS, &regs);
	vcpu_ioctl(vcpu, KVM_SET_SREGS, &sregs);
	vcpu_ioctl(vcpu, KVM_SET_REGS, &regs);
	vcpu_ioctl(vcpu, KVM_SET_NESTED_STATE, &state);
}

/* A thread of the host that does what keeps the memory's contents. */
struct host {
	struct memory *ram;
	struct prng prng;
	uint32_t stop;
	uint64_t done;
};

static void *keep(void *arg)
{
	struct host *h = arg;

	while (!__atomic_load_n(&h->stop, __ATOMIC_RELAXED))
		h->done += keeping_do(h->ram, &h->prng);
	return NULL;
}

struct state {
	enum vm_level level;
	bool beside;
};

static void run_state(const struct run *run)
{
	const struct state *how = run->arg;
	struct vm *vm = create(how->level, vm_default);
	struct host h = {
		.ram = memory_create(vm, MEMORY_ANON, GPA, PAGES * PAGE), .prng = { run->seed },
	};
	struct agent *a = agent_create(vm, 0, 0);
	struct prng prng = { run->seed + 1 };
	pthread_t host;
	uint64_t i;

	verdict_require(!how->beside || !pthread_create(&host, NULL, keep, &h), "thread");
	for (i = 0; i < run->iterations * (how->beside ? 5 : 1); i++) {
		const uint32_t page = prng_below(&prng, PAGES);

		agent_write(a, GPA + page * PAGE, token(vm, i, page));
		round_trip(a->vcpu);
		if (!how->beside)
			h.done += keeping_do(h.ram, &h.prng);
		round_trip(a->vcpu);
		verdict_expect("what L2 wrote before its state was restored",
			       agent_read(a, GPA + page * PAGE), token(vm, i, page));
		call_l1(a, AGENT_L1_NOTHING, 0);
		verdict_progress();
	}
	__atomic_store_n(&h.stop, 1, __ATOMIC_RELAXED);
	if (how->beside)
		pthread_join(host, NULL);
	verdict_exercised(i, h.done);
	agent_destroy(a);
	memory_destroy(h.ram);
	vm_destroy(vm);
}

/*
 * KVM maps the neighbours of a page that L2 touches as L1's tables have them; they are private, and
 * it maps their shared copies (mmu/mmu.c, kvm_mmu_prefetch_sptes()).
 */
static void run_private(const struct run *run)
{
	struct vm *vm = create(VM_LEVEL_2_NESTED_PAGING, memory_vm_type(MEMORY_SPLIT));
	struct memory *ram = memory_create(vm, MEMORY_SPLIT, GPA, PAGES * PAGE);
	struct agent *a = agent_create(vm, 0, 0);
	uint32_t page;

	(void)run;
	for (page = 0; page < PAGES; page++)
		*memory_word(ram, GPA + page * PAGE) = token(vm, 1, page);
	for (page = 0; page < PAGES; page++) {
		const uint64_t found = agent_read(a, GPA + page * PAGE);

		if (found)
			diagnose_fail(VERDICT_WRONG_PAGE, "L2 reads private memory that nobody wrote",
				      GPA + page * PAGE, found, 0);
	}
	agent_destroy(a);
	memory_destroy(ram);
	vm_destroy(vm);
}

#define L2	&(const enum vm_level){ VM_LEVEL_2 }
#define NPT	&(const enum vm_level){ VM_LEVEL_2_NESTED_PAGING }

static const struct subtest subtests[] = {
	{ "nested/boot", "the agent runs in L2, and calls L1", run_boot, L2 },
	{ "nested/boot-npt", "the agent runs in L2 by L1's nested page tables", run_boot, NPT },
	{ "nested/state", "L2 goes on where its state was restored, and finds its memory",
	  run_state, &(const struct state){ VM_LEVEL_2 } },
	{ "nested/state-npt", "L2 goes on so by L1's nested page tables", run_state,
	  &(const struct state){ VM_LEVEL_2_NESTED_PAGING } },
	{ "nested/state-race", "L2 goes on where its state was restored beside the host's operations",
	  run_state, &(const struct state){ VM_LEVEL_2, true } },
	{ "nested/state-race-npt", "L2 goes on so by L1's nested page tables",
	  run_state, &(const struct state){ VM_LEVEL_2_NESTED_PAGING, true } },
	{ "nested/root", "L2 finds what the root says that L1 has given it", run_root,
	  &(const bool){ false } },
	{ "nested/root-changed", "L2 finds what the root says by now, which changed under another one",
	  run_root, &(const bool){ true } },
	{ "nested/private", "private memory that L1 gives L2 is not its shared copy", run_private,
	  NULL, &known_nested_private },
};

TEST_PROGRAM("nested_test", subtests, .iterations = 20)
