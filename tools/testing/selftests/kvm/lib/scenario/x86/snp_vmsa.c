// SPDX-License-Identifier: GPL-2.0-only
#include "abi/array.h"
#include "abi/x86/agent_arch.h"
#include "aim/interrupter.h"
#include "harness/verdict.h"
#include "scenario/x86/snp_vmsa.h"

/* Attributes of segments as the VMCB has them (APM 2, 15.5.1). */
#define ATTRIBUTES_CODE	0xa9bull
#define ATTRIBUTES_DATA	0xc93ull
#define ATTRIBUTES_TSS	0x08bull
#define ATTRIBUTES_LDT	0x082ull
#define SEGMENT(selector, attributes)	((selector) | (attributes) << 16 | 0xffffffffull << 32)

#define RMPADJUST_VMSA	(1ull << 16)
#define VMPL_1		1ull

static void store(struct agent *by, uint64_t gpa, uint64_t value)
{
	struct agent_op op = {
		.opcode = AGENT_OP_STORE, .arg = gpa + AGENT_ALIAS_PRIVATE, .value = value,
	};

	agent_expect_ok(by, &op, VERDICT_PERMISSION, "write to a VMSA that is no VMSA yet");
}

uint64_t snp_vmsa_write(struct agent *by, uint64_t gpa, uint64_t mailbox, uint64_t stack)
{
	const struct vm *vm = by->vcpu->vm;
	const uint64_t data = SEGMENT(AGENT_SELECTOR_DATA, ATTRIBUTES_DATA);
	const struct { uint32_t offset; uint64_t value; } fields[] = {
		{ 0x00, data }, { 0x10, SEGMENT(AGENT_SELECTOR_CODE, ATTRIBUTES_CODE) },
		{ 0x20, data }, { 0x30, data }, { 0x40, data }, { 0x50, data },
		{ 0x70, SEGMENT(0ull, ATTRIBUTES_LDT) }, { 0x90, SEGMENT(0ull, ATTRIBUTES_TSS) },
		{ 0xd0, 0x1500 },		/* EFER: SVME, LMA, LME */
		{ 0x148, 0x20 },		/* CR4: PAE */
		{ 0x150, vm->root | vm->c_mask },
		{ 0x158, 0x80010031 },		/* CR0: PG, WP, NE, ET, PE */
		{ 0x160, 0x400 }, { 0x168, 0xffff0ff0 },	/* DR7, DR6 */
		{ 0x170, 2 }, { VMSA_RIP, AGENT_CONTROL_GPA }, { 0x1d8, stack },
		{ 0x268, 0x0007040600070406ull },	/* PAT */
		{ 0x338, mailbox },		/* RDI */
		{ 0x3b0, 1 },			/* SEV_FEATURES: SNP */
		{ 0x3e8, 1 },			/* XCR0 */
		{ 0x408, 0x1f80 | 0x5555ull << 32 }, { 0x410, 0x40 },	/* FPU */
	};
	struct agent_op op = {
		.opcode = AGENT_OP_RMPADJUST, .arg = gpa + AGENT_ALIAS_PRIVATE,
		.value = RMPADJUST_VMSA | VMPL_1,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fields); i++)
		store(by, gpa + fields[i].offset, fields[i].value);
	return agent_expect_ok(by, &op, VERDICT_ABI, "RMPADJUST");
}

uint64_t snp_vmsa_request(struct ghcb_page *g, unsigned int vcpu, uint64_t request, uint64_t gpa,
			  uint64_t features)
{
	ghcb_page_begin(g, GHCB_AP_CREATION, (uint64_t)vcpu << 32 | request, gpa);
	ghcb_page_set(g, GHCB_RAX, features);
	return ghcb_page_exit(g) ? g->field[GHCB_INFO_2] : 0;
}

/* Let the second vCPU run until its agent has started anew. */
void snp_vmsa_expect_start(struct vcpu *vcpu, const char *what)
{
	struct agent_mailbox *mb = vm_control_ptr(vcpu->vm, vcpu->mailbox);
	struct vcpu_exit exit;

	mb->state = AGENT_BOOTING;
	do {
		exit = vcpu_run(vcpu);
	} while (exit.kind == VCPU_EXIT_INTERRUPTED);
	if (exit.kind != VCPU_EXIT_DOORBELL || mb->state != AGENT_IDLE) {
		char text[300];

		vcpu_exit_describe(&exit, text, sizeof(text));
		verdict_fail(VERDICT_ABI, "%s: %s, mailbox in state %u", what, text,
			     mb->state);
	}
}

/* A vCPU without usable registers: KVM_RUN says so, instead of running or sleeping. */
void snp_vmsa_expect_no_entry(struct vcpu *vcpu, const char *what)
{
	struct kvm_mp_state runnable = { .mp_state = KVM_MP_STATE_RUNNABLE };
	struct vcpu_exit exit;

	vcpu_ioctl(vcpu, KVM_SET_MP_STATE, &runnable);
	do {
		exit = vcpu_run(vcpu);
	} while (exit.kind == VCPU_EXIT_INTERRUPTED);
	if (exit.kind != VCPU_EXIT_OTHER || exit.detail != KVM_EXIT_FAIL_ENTRY) {
		char text[300];

		vcpu_exit_describe(&exit, text, sizeof(text));
		verdict_fail(VERDICT_ABI, "%s: %s, expected KVM_EXIT_FAIL_ENTRY", what, text);
	}
}

/* A vCPU that was destroyed sleeps in KVM_RUN: it is halted when a signal gets it out. */
void snp_vmsa_expect_halted(struct vcpu *vcpu)
{
	struct interrupter *interrupter = interrupter_start();
	struct kvm_mp_state state = { 0 };

	do {
		struct vcpu_exit exit = vcpu_run(vcpu);

		if (exit.kind != VCPU_EXIT_INTERRUPTED)
			verdict_fail(VERDICT_ABI, "a vCPU that was destroyed: exit %d, detail %llu",
				     exit.kind, (unsigned long long)exit.detail);
		vcpu_ioctl(vcpu, KVM_GET_MP_STATE, &state);
	} while (state.mp_state != KVM_MP_STATE_HALTED);
	interrupter_stop(interrupter);
}
