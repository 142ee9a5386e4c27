// SPDX-License-Identifier: GPL-2.0-only
/*
 * KVM's own accesses to what L1 has in guest memory, its VMCB above all: they find the memory that
 * is there, are in the dirty log, and where there is none the guest ends, and nothing else does.
 */
#include <string.h>
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
#include "machine/x86/smm.h"

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

/* L2 calls L1 when it runs again. */
static void post_call(struct agent_mailbox *mb)
{
	mb->op = (struct agent_op){ .opcode = AGENT_OP_L1, .arg = AGENT_L1_NOTHING };
	mb->state = AGENT_POSTED;
}

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
	post_call(b.mb);
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

/*
 * System management mode meets L2: KVM leaves L2 for it, and enters L2 again at RSM, by the VMCB
 * and by what it keeps in L1's host save area (svm_enter_smm(), svm_leave_smm()).  Both are L1's,
 * so of address space 0; what lies at the same address for system management mode is none of KVM's.
 */
struct smi {
	struct beside b;
	struct memslot code, other;	/* of address space 1 */
	uint64_t before[512];	/* what is in @other */
};

/* out %al, doorbell; rsm */
static const uint8_t handler[] = {
	0xba, AGENT_DOORBELL_PORT & 0xff, AGENT_DOORBELL_PORT >> 8, 0xee, 0x0f, 0xaa,
};

static void open_smi(struct smi *s, const struct run *run)
{
	s->b = open_beside(*(const enum vm_level *)run->arg);
	if (vm_cap(s->b.vm, KVM_CAP_MULTI_ADDRESS_SPACE) < 2 || !vm_cap(s->b.vm, KVM_CAP_X86_SMM))
		verdict_skip("no system management mode, or no memslots of its own (KVM_CAP_X86_SMM, KVM_CAP_MULTI_ADDRESS_SPACE)");
	s->code = (struct memslot){ .id = SMM_SPACE, .gpa = SMM_BASE, .size = SMM_SIZE };
	s->code.hva = mmap(NULL, SMM_SIZE + PAGE, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	verdict_require(s->code.hva != MAP_FAILED, "mmap");
	memcpy((uint8_t *)s->code.hva + SMM_ENTRY, handler, sizeof(handler));
	memslot_set(s->b.vm, &s->code);
	s->other = (struct memslot){ .id = SMM_SPACE | 1, .gpa = BESIDE, .size = PAGE,
				     .hva = (uint8_t *)s->code.hva + SMM_SIZE };
	memset(s->other.hva, 0x5a, PAGE);
	memcpy(s->before, s->other.hva, sizeof(s->before));
	memslot_set(s->b.vm, &s->other);
}

static void close_smi(struct smi *s)
{
	munmap(s->code.hva, SMM_SIZE + PAGE);
	close_beside(&s->b);
}

static void interrupt(struct smi *s)
{
	vcpu_ioctl(s->b.vcpu, KVM_SMI, NULL);
	verdict_expect("the exit in system management mode", vcpu_run(s->b.vcpu).kind,
		       VCPU_EXIT_DOORBELL);
	verdict_expect("the vCPU is in system management mode",
		       s->b.vcpu->run->flags & KVM_RUN_X86_SMM, KVM_RUN_X86_SMM);
}

static void expect_l2(struct smi *s)
{
	verdict_expect("the exit of L2", vcpu_run(s->b.vcpu).kind, VCPU_EXIT_DOORBELL);
	verdict_expect("the vCPU is out of system management mode",
		       s->b.vcpu->run->flags & KVM_RUN_X86_SMM, 0);
	verdict_expect("status of L2's call", s->b.mb->result.status, AGENT_OK);
	if (memcmp(s->before, s->other.hva, sizeof(s->before)))
		verdict_fail(VERDICT_WRONG_PAGE, "KVM has written to what lies at the VMCB's address for system management mode");
}

static void expect_logged(struct smi *s, const struct memslot *slot, uint64_t gpa, const char *what)
{
	uint64_t bits[LOG_WORDS + 1];
	struct kvm_dirty_log log = { .slot = slot->id, .dirty_bitmap = bits };
	const uint64_t index = (gpa - slot->gpa) / PAGE;

	vm_ioctl(s->b.vm, KVM_GET_DIRTY_LOG, &log);
	if (!(bits[index / 64] >> index % 64 & 1))
		verdict_fail(VERDICT_LOST_WRITE, "KVM wrote to %s for an SMI, and the dirty log does not know it",
			     what);
}

static void run_smi(const struct run *run)
{
	struct smi s;
	struct memslot control;
	uint64_t i;

	open_smi(&s, run);
	control = memslot_control(s.b.vm);
	control.flags = s.b.slot.flags = KVM_MEM_LOG_DIRTY_PAGES;
	memslot_set(s.b.vm, &control);
	memslot_set(s.b.vm, &s.b.slot);
	for (i = 0; i < run->iterations; i++) {
		struct kvm_dirty_log log = { .slot = control.id };
		uint64_t bits[LOG_WORDS + 1];

		log.dirty_bitmap = bits;
		vm_ioctl(s.b.vm, KVM_GET_DIRTY_LOG, &log);
		interrupt(&s);
		expect_logged(&s, &s.b.slot, BESIDE, "the VMCB");
		expect_logged(&s, &control, nested_l1(s.b.vcpu)->save, "the host save area");
		expect_l2(&s);
		post_call(s.b.mb);
		verdict_progress();
	}
	close_smi(&s);
}

/* What L2 is entered by has gone meanwhile: a shutdown (em_rsm()). */
static void run_smi_deleted(const struct run *run)
{
	struct smi s;

	open_smi(&s, run);
	interrupt(&s);
	memslot_delete(s.b.vm, &s.b.slot);
	verdict_expect("RSM to an L2 whose VMCB has gone", vcpu_run(s.b.vcpu).kind,
		       VCPU_EXIT_SHUTDOWN);
	close_smi(&s);
}

/* It has moved to other memory, and what was left behind is no VMCB any more. */
static void run_smi_replaced(const struct run *run)
{
	struct memslot slot;
	struct smi s;

	open_smi(&s, run);
	interrupt(&s);
	slot = s.b.slot;
	memslot_delete(s.b.vm, &slot);
	slot.hva = (uint8_t *)slot.hva + PAGE;
	memcpy(slot.hva, s.b.slot.hva, PAGE);
	memset(s.b.slot.hva, 0x5a, PAGE);
	memslot_set(s.b.vm, &slot);
	expect_l2(&s);
	close_smi(&s);
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
	{ "nested-vmcb/smi", "KVM leaves and enters L2 for an SMI by L1's memory, and logs what it writes",
	  run_smi, L2 },
	{ "nested-vmcb/smi-npt", "KVM does so with L1's nested page tables", run_smi, NPT },
	{ "nested-vmcb/smi-deleted", "RSM to an L2 whose VMCB has gone is a shutdown",
	  run_smi_deleted, L2 },
	{ "nested-vmcb/smi-replaced", "RSM enters L2 by the VMCB that is there, not by what was",
	  run_smi_replaced, L2 },
};

TEST_PROGRAM("nested_vmcb_test", subtests, .iterations = 20)
