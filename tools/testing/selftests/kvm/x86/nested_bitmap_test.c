// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bitmap of MSRs whose accesses by L2 exit to L1: KVM reads it from L1's memory, and makes one
 * of it that the CPU uses.  It has to find what lies there when L2 is entered.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include "abi/array.h"
#include "abi/x86/agent_arch.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/agent.h"
#include "machine/memslot.h"
#include "machine/page_table.h"
#include "machine/x86/level.h"
#include "machine/x86/nested.h"

/* Memory of a test's own, behind the control memslot; no guest touches it, KVM alone does. */
#define BESIDE		(AGENT_CONTROL_GPA + AGENT_CONTROL_SIZE)
#define SIZE		(2 * PAGE)

/*
 * MSRs, and where a write to them has its bit (SDM 3, 24.6.9; APM 2, 15.11).  By VMX, L2 writes
 * SYSENTER_CS by way of KVM, which asks L1's bitmap then, and FS_BASE without, by a bitmap of KVM's
 * (nested_vmx_prepare_msr_bitmap()); by SVM both are of the latter kind.
 */
static const struct {
	uint32_t msr, vmx_byte, svm_byte;
	uint8_t vmx_bit, svm_bit;
} msrs[] = {
	{ 0x174, 2048 + 0x174 / 8, 0x174 / 4, 1u << 0x174 % 8, 2u << 2 * (0x174 % 4) },
	{ 0xc0000100, 3072 + 0x100 / 8, 2048 + 0x100 / 4, 1, 2 },
};

struct beside {
	struct vm *vm;
	struct memslot slot;
	struct vcpu *vcpu;
	struct agent_mailbox *mb;
	const struct agent_l1 *l1;
	int fd;
};

/* What the bitmap at @at says of writes: whether they exit to L1. */
static void say(void *at, bool exits)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(msrs); i++) {
		uint8_t *byte = (uint8_t *)at +
				(nested_vmx() ? msrs[i].vmx_byte : msrs[i].svm_byte);
		const uint8_t bit = nested_vmx() ? msrs[i].vmx_bit : msrs[i].svm_bit;

		*byte = exits ? *byte | bit : *byte & ~bit;
	}
}

/* Twice as much memory as the memslot has: for another one that takes its place. */
static struct beside open_beside(void)
{
	struct beside b = { .vm = vm_create(vm_default), .fd = memfd_create("bitmap", 0) };

	vm_level_choose(b.vm, VM_LEVEL_2);
	verdict_require(b.fd >= 0 && !ftruncate(b.fd, 2 * SIZE), "memfd");
	b.slot = (struct memslot){ .id = b.vm->next_slot++, .gpa = BESIDE, .size = SIZE };
	b.slot.hva = mmap(NULL, 2 * SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, b.fd, 0);
	verdict_require(b.slot.hva != MAP_FAILED, "mmap");
	memslot_set(b.vm, &b.slot);
	b.vm->msr_bitmap = BESIDE;
	b.vcpu = vcpu_create(b.vm, 0);
	b.mb = vm_control_ptr(b.vm, b.vcpu->mailbox);
	verdict_expect("the first exit", vcpu_run(b.vcpu).kind, VCPU_EXIT_DOORBELL);
	b.l1 = nested_l1(b.vcpu);
	return b;
}

static void close_beside(struct beside *b)
{
	vcpu_destroy(b->vcpu);
	munmap(b->slot.hva, 2 * SIZE);
	close(b->fd);
	vm_destroy(b->vm);
}

/* One operation of L2's; false: it did not end. */
static bool ask(struct beside *b, const struct agent_op *op)
{
	b->mb->op = *op;
	b->mb->state = AGENT_POSTED;
	verdict_expect("the exit after an operation", vcpu_run(b->vcpu).kind, VCPU_EXIT_DOORBELL);
	return b->mb->state == AGENT_IDLE && b->mb->result.status == AGENT_OK;
}

/* L2 is entered anew, and writes to the MSRs. */
static void judge(struct beside *b, bool exits, const char *when)
{
	const struct agent_op enter = { .opcode = AGENT_OP_L1, .arg = AGENT_L1_NOTHING };
	unsigned int i;

	verdict_require(ask(b, &enter), "L2 does not go on, %s", when);
	for (i = 0; i < ARRAY_SIZE(msrs); i++) {
		const struct agent_op write = { .opcode = AGENT_OP_WRMSR, .arg = msrs[i].msr };
		const uint64_t before = b->l1->wrmsrs;

		verdict_require(ask(b, &write), "L2 does not go on, %s", when);
		if (b->l1->wrmsrs - before != exits)
			verdict_fail(VERDICT_STALE_MAPPING,
				     "a write to MSR %#x %s L1, %s: the bitmap says otherwise",
				     msrs[i].msr, exits ? "does not exit to" : "exits to", when);
	}
}

static void run_changed(const struct run *run)
{
	struct beside b = open_beside();
	uint64_t i;

	for (i = 0; i < run->iterations; i++) {
		say(b.slot.hva, i & 1);
		judge(&b, i & 1, "after the bitmap has changed");
	}
	close_beside(&b);
}

/* Other memory in its place, by turns; the one that is not there says the opposite. */
static void run_replaced(const struct run *run)
{
	struct beside b = open_beside();
	uint8_t *memory = b.slot.hva;
	struct memslot slot = b.slot;
	uint64_t i;

	say(memory + SIZE, true);
	for (i = 0; i < run->iterations; i++) {
		judge(&b, i & 1, "after its memslot was replaced");
		memslot_delete(b.vm, &slot);
		slot.hva = memory + (i & 1 ? 0 : SIZE);
		memslot_set(b.vm, &slot);
	}
	close_beside(&b);
}

/* A hole in the file, where nothing exits. */
static void run_punched(const struct run *run)
{
	struct beside b = open_beside();
	uint64_t i;

	for (i = 0; i < run->iterations; i++) {
		say(b.slot.hva, true);
		judge(&b, true, "before a punch");
		verdict_require(!fallocate(b.fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
					   SIZE), "fallocate");
		judge(&b, false, "after a punch");
	}
	close_beside(&b);
}

/* L1 learns that there is none: an error of VMRUN, or an exit by the MSR that L2 uses next. */
static void run_deleted(const struct run *run)
{
	const struct agent_op enter = { .opcode = AGENT_OP_L1, .arg = AGENT_L1_NOTHING };
	struct beside b = open_beside();

	(void)run;
	say(b.slot.hva, false);
	judge(&b, false, "before its memslot was deleted");
	memslot_delete(b.vm, &b.slot);
	ask(&b, &enter);
	if (!b.l1->lost)
		verdict_fail(VERDICT_STALE_MAPPING, "L2 goes on as by the bitmap that has gone");
	close_beside(&b);
}

static const struct subtest subtests[] = {
	{ "nested-bitmap/changed", "the bitmap holds that lies there at the entry to L2",
	  run_changed },
	{ "nested-bitmap/replaced", "the bitmap holds that another memslot has in its place",
	  run_replaced },
	{ "nested-bitmap/punched", "a hole in the bitmap's file is a bitmap of zeros",
	  run_punched },
	{ "nested-bitmap/deleted", "L1 learns that the bitmap has gone", run_deleted },
};

TEST_PROGRAM("nested_bitmap_test", subtests, .iterations = 20)
