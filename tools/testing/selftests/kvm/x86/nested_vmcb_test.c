// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM's own accesses to what L1 has in guest memory, its VMCB above all: they find the memory that
 * is there, are in the dirty log, and where there is none the guest ends, and nothing else does.
 */
#include <sys/mman.h>
#include "abi/x86/agent_arch.h"
#include "abi/x86/vmcb.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/agent.h"
#include "machine/memslot.h"
#include "machine/page_table.h"
#include "machine/x86/guest_tables.h"
#include "machine/x86/level.h"
#include "machine/x86/nested.h"

/* Memory of a test's own, mapped to itself behind the control memslot. */
#define BESIDE		(AGENT_CONTROL_GPA + AGENT_CONTROL_SIZE)
#define BESIDE_LEAF	(2ull << 20)

#define LOG_WORDS	(AGENT_CONTROL_SIZE / PAGE / 64)

static struct vm *create(enum vm_level level)
{
	struct vm *vm = vm_create(vm_default);

	vm_level_choose(vm, level);
	return vm;
}

static void call_l1(struct agent *a, uint64_t what, uint64_t value)
{
	const struct agent_op op = { .opcode = AGENT_OP_L1, .arg = what, .value = value };

	agent_expect_ok(a, &op, VERDICT_ABI, "a call of L1 by L2");
}

/* VMSAVE is KVM's store to guest memory: the dirty log has to know. */
static void run_save_dirty(const struct run *run)
{
	struct vm *vm = create(VM_LEVEL_2);
	struct agent *a = agent_create(vm, 0, 0);
	const uint64_t page = vm_control_alloc(vm, PAGE);
	const uint64_t index = (page - AGENT_CONTROL_GPA) / PAGE;
	struct memslot control = { .gpa = AGENT_CONTROL_GPA, .size = AGENT_CONTROL_SIZE,
				   .hva = vm->control, .flags = KVM_MEM_LOG_DIRTY_PAGES };
	uint64_t bits[LOG_WORDS + 1];
	struct kvm_dirty_log log = { .slot = 0, .dirty_bitmap = bits };
	uint64_t i;

	memslot_set(vm, &control);
	for (i = 0; i < run->iterations; i++) {
		call_l1(a, AGENT_L1_SAVE, page);
		vm_ioctl(vm, KVM_GET_DIRTY_LOG, &log);
		if (!(bits[index / 64] >> index % 64 & 1))
			verdict_fail(VERDICT_LOST_WRITE, "VMSAVE wrote to a page, and the dirty log does not know it");
		vm_ioctl(vm, KVM_GET_DIRTY_LOG, &log);
		call_l1(a, AGENT_L1_NOTHING, 0);
		vm_ioctl(vm, KVM_GET_DIRTY_LOG, &log);
		if (bits[index / 64] >> index % 64 & 1)
			verdict_fail(VERDICT_ABI, "nobody wrote to a page, and the dirty log has it");
	}
	agent_destroy(a);
	vm_destroy(vm);
}

/* A VMCB in a memslot of its own, L2 up to its first doorbell. */
struct beside {
	struct vm *vm;
	struct vcpu *vcpu;
	struct memslot slot;
	struct agent_mailbox *mb;
};

static struct beside open_beside(enum vm_level level)
{
	struct beside b = { .vm = create(level) };
	const uint64_t table = PTE_PRESENT | PTE_WRITE | PTE_ACCESSED;

	if (nested_vmx())
		verdict_skip("KVM keeps L1's VMCS in its own memory, and has no VMCB (kvm_intel)");
	page_table_map(b.vm, BESIDE, BESIDE, BESIDE + BESIDE_LEAF, table,
		       table | PTE_DIRTY | PTE_LARGE);
	b.slot = (struct memslot){ .id = b.vm->next_slot++, .gpa = BESIDE, .size = PAGE };
	b.slot.hva = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			  -1, 0);
	verdict_require(b.slot.hva != MAP_FAILED, "mmap");
	memslot_set(b.vm, &b.slot);
	b.vm->vmcb = BESIDE;
	b.vcpu = vcpu_create(b.vm, 0);
	b.mb = vm_control_ptr(b.vm, b.vcpu->mailbox);
	verdict_expect("the first exit", vcpu_run(b.vcpu).kind, VCPU_EXIT_DOORBELL);
	b.mb->op = (struct agent_op){ .opcode = AGENT_OP_L1, .arg = AGENT_L1_NOTHING };
	b.mb->state = AGENT_POSTED;
	return b;
}

static void close_beside(struct beside *b)
{
	vcpu_destroy(b->vcpu);
	munmap(b->slot.hva, 2 * PAGE);
	vm_destroy(b->vm);
}

/* KVM cannot store what L1 has to know: a shutdown (svm/nested.c, nested_svm_vmexit()). */
static void run_vmcb_deleted(const struct run *run)
{
	struct beside b = open_beside(*(const enum vm_level *)run->arg);

	memslot_delete(b.vm, &b.slot);
	verdict_expect("an exit to L1 whose VMCB has gone", vcpu_run(b.vcpu).kind,
		       VCPU_EXIT_SHUTDOWN);
	close_beside(&b);
}

/* Other memory in its place: what KVM stores goes there, and not to where the VMCB was. */
static void run_vmcb_replaced(const struct run *run)
{
	struct beside b = open_beside(*(const enum vm_level *)run->arg);
	struct vmcb *old = b.slot.hva, *new = old + 1;
	struct memslot slot = b.slot;

	old->exit_code = 0x7a;
	*new = *old;
	memslot_delete(b.vm, &slot);
	slot.hva = new;
	memslot_set(b.vm, &slot);
	verdict_expect("the exit after the call", vcpu_run(b.vcpu).kind, VCPU_EXIT_DOORBELL);
	verdict_expect("status", b.mb->result.status, AGENT_OK);
	if (new->exit_code != VMCB_EXIT_STGI || old->exit_code != 0x7a)
		verdict_fail(VERDICT_STALE_MAPPING, "exit code %#llx in the new VMCB, %#llx in the old one",
			     (unsigned long long)new->exit_code,
			     (unsigned long long)old->exit_code);
	close_beside(&b);
}

#define L2	&(const enum vm_level){ VM_LEVEL_2 }
#define NPT	&(const enum vm_level){ VM_LEVEL_2_NESTED_PAGING }

static const struct subtest subtests[] = {
	{ "nested-vmcb/save-dirty", "what VMSAVE writes is in the dirty log", run_save_dirty },
	{ "nested-vmcb/deleted", "an exit to an L1 whose VMCB has gone is a shutdown",
	  run_vmcb_deleted, L2 },
	{ "nested-vmcb/deleted-npt", "an exit to such an L1 is a shutdown with nested page tables, too",
	  run_vmcb_deleted, NPT },
	{ "nested-vmcb/replaced", "KVM stores to the memory that is there, not to what was",
	  run_vmcb_replaced, L2 },
	{ "nested-vmcb/replaced-npt", "KVM does so with L1's nested page tables", run_vmcb_replaced,
	  NPT },
};

TEST_PROGRAM("nested_vmcb_test", subtests, .iterations = 20)
