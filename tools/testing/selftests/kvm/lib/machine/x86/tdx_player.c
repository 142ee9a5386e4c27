// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include "abi/x86/agent_arch.h"
#include "harness/verdict.h"
#include "machine/alias.h"
#include "machine/x86/msr.h"
#include "machine/x86/tdx.h"
#include "machine/x86/tdx_player.h"

/*
 * What a TD's vCPU starts with (Intel 348549, 10.1): KVM has no say in it there.  CR4.PAE is the
 * player's: QEMU's VMEXIT leaves the host with the CR0 of a guest that has LME without it.
 */
#define CR0_START	0x21ull		/* PE, NE */
#define CR4_START	0x60ull		/* MCE, PAE */
#define EFER_START	0x100ull	/* LME */
#define RIP_START	0xfffffff0ull
#define SEGMENT_CODE	0xb		/* execute, read, accessed */
#define SEGMENT_DATA	0x3		/* read, write, accessed */

#define APIC_BASE_X2APIC	(0xfee00000ull | 1 << 11 | 1 << 10)
#define MSR_X2APIC_SPURIOUS	0x80fu
#define VECTOR_VE		20

#define MAP_GPA_MOST	(2ull << 20)	/* TDX_MAP_GPA_MAX_LEN of vmx/tdx.c */

/* The guest writes its zeroes a little later: nobody else may convert the page meanwhile. */
static enum tdx_lie lying = TDX_LIE_ACCEPT_KEEPS;

void tdx_player_lie(enum tdx_lie lie)
{
	lying = lie;
}

static struct agent_tdx *played(const struct vcpu *vcpu)
{
	const struct agent_mailbox *mb = vm_control_ptr(vcpu->vm, vcpu->mailbox);

	return vm_control_ptr(vcpu->vm, mb->tdx_played);
}

static struct kvm_segment flat(uint16_t selector, uint8_t type)
{
	return (struct kvm_segment){
		.selector = selector, .limit = 0xffffffff, .type = type, .present = 1,
		.s = 1, .g = 1, .db = 1,
	};
}

void tdx_player_boot(struct vcpu *vcpu, uint64_t mailbox)
{
	struct agent_mailbox *mb = vm_control_ptr(vcpu->vm, mailbox);
	struct kvm_mp_state state = { .mp_state = KVM_MP_STATE_RUNNABLE };
	struct kvm_regs regs = {
		.rip = RIP_START, .rsi = vcpu->id, .rbx = TDX_GPAW, .rflags = 2,
	};
	struct kvm_sregs sregs;

	mb->tdx = 1;
	mb->tdx_played = vm_control_alloc(vcpu->vm, sizeof(struct agent_tdx));
	vcpu_ioctl(vcpu, KVM_GET_SREGS, &sregs);
	sregs.cs = flat(AGENT_SELECTOR_CODE, SEGMENT_CODE);
	sregs.ds = flat(AGENT_SELECTOR_DATA, SEGMENT_DATA);
	sregs.es = sregs.fs = sregs.gs = sregs.ss = sregs.ds;
	sregs.cr0 = CR0_START;
	sregs.cr4 = CR4_START;
	sregs.efer = EFER_START;
	sregs.apic_base = APIC_BASE_X2APIC | (sregs.apic_base & 1 << 8);
	vcpu_ioctl(vcpu, KVM_SET_SREGS, &sregs);
	vcpu_ioctl(vcpu, KVM_SET_REGS, &regs);
	vcpu_ioctl(vcpu, KVM_SET_MP_STATE, &state);
}

static void map_gpa(struct tdx_call *c, struct vcpu_exit *exit)
{
	const uint64_t gpa = c->r12, size = c->r13;

	c->r11 = gpa;
	if (gpa + size <= gpa || (gpa ^ (gpa + size - 1)) & TDX_SHARED ||
	    (gpa + size - 1) >> TDX_GPAW) {
		c->r10 = TDX_ANSWER_INVALID_OPERAND;
	} else if ((gpa | size) & 4095) {
		c->r10 = TDX_ANSWER_ALIGN_ERROR;
	} else if (lying != TDX_LIE_MAP_NOTHING) {
		exit->kind = VCPU_EXIT_CONVERT;
		exit->gpa = gpa & ~TDX_SHARED;
		exit->size = size < MAP_GPA_MOST ? size : MAP_GPA_MOST;
		exit->private = !(gpa & TDX_SHARED);
	}
}

void tdx_player_map_answer(struct vcpu *vcpu, int error)
{
	struct tdx_call *c = &played(vcpu)->call;
	const uint64_t done = c->r13 < MAP_GPA_MOST ? c->r13 : MAP_GPA_MOST;

	if (error) {
		c->r10 = error == EAGAIN ? TDX_ANSWER_RETRY : TDX_ANSWER_INVALID_OPERAND;
	} else if (c->r13 > done) {
		c->r10 = TDX_ANSWER_RETRY;
		c->r11 = c->r12 + done;
	}
}

static void mmio(struct vcpu *vcpu, struct tdx_call *c, struct vcpu_exit *exit)
{
	if (!(c->r14 & TDX_SHARED) || c->r13 > 1 || !c->r12 || c->r12 > 8 ||
	    c->r12 & (c->r12 - 1)) {
		c->r10 = TDX_ANSWER_INVALID_OPERAND;
		return;
	}
	exit->kind = VCPU_EXIT_MMIO;
	exit->gpa = c->r14 & ~TDX_SHARED;
	exit->size = c->r12;
	exit->write = c->r13;
	exit->data = c->r15;
	vcpu->mmio_answer = &c->r11;
}

static void vmcall(struct vcpu *vcpu, struct tdx_call *c, struct vcpu_exit *exit)
{
	c->r10 = 0;
	switch (c->r11) {
	case TDX_FN_IO:
		if (c->r12 == 4 && c->r13 == 1 && c->r14 == AGENT_DOORBELL_PORT)
			exit->kind = VCPU_EXIT_DOORBELL;
		else
			c->r10 = TDX_ANSWER_INVALID_OPERAND;
		break;
	case TDX_FN_WRMSR:
		if (c->r12 == MSR_X2APIC_SPURIOUS)
			vcpu_msr_set(vcpu, c->r12, c->r13);
		else
			c->r10 = TDX_ANSWER_INVALID_OPERAND;
		break;
	case TDX_FN_MMIO:
		mmio(vcpu, c, exit);
		break;
	case TDX_FN_MAP_GPA:
		map_gpa(c, exit);
		break;
	default:
		c->r10 = TDX_ANSWER_UNSUPPORTED;
	}
}

/* A shared page is a violation, which KVM reports; the call is made again after that. */
static void accept(struct vcpu *vcpu, struct agent_tdx *tdx, struct vcpu_exit *exit)
{
	const uint64_t gpa = tdx->call.rcx & ~4095ull;

	if (tdx->call.rcx & 4095) {
		tdx->call.rax = TDX_STATUS_BAD_OPERAND;
		return;
	}
	if (alias_shared(vcpu->vm, gpa)) {
		tdx->again = 1;
		exit->kind = VCPU_EXIT_MEMORY_FAULT;
		exit->error = -EFAULT;
		exit->gpa = gpa;
		exit->size = 4096;
		exit->private = true;
		exit->flags = KVM_MEMORY_EXIT_FLAG_PRIVATE;
		return;
	}
	if (!alias_accept(vcpu->vm, gpa)) {
		tdx->call.rax = TDX_STATUS_ACCEPTED_ALREADY;
		return;
	}
	tdx->call.rax = 0;
	if (lying != TDX_LIE_ACCEPT_KEEPS)
		tdx->zero = gpa + AGENT_ALIAS_PRIVATE;
}

void tdx_player_call(struct vcpu *vcpu, struct vcpu_exit *exit)
{
	struct agent_tdx *tdx = played(vcpu);
	struct tdx_call *c = &tdx->call;

	exit->kind = VCPU_EXIT_INTERRUPTED;
	switch (c->rax) {
	case TDX_VMCALL:
		if (c->rcx != TDX_SHOWN || c->r10)
			verdict_fail(VERDICT_ABI, "TDVMCALL shows registers %#llx, type %llu",
				     (unsigned long long)c->rcx, (unsigned long long)c->r10);
		vmcall(vcpu, c, exit);
		break;
	case TDX_VE_INFO:
		*c = tdx->ve_info;
		break;
	case TDX_ACCEPT:
		accept(vcpu, tdx, exit);
		break;
	default:
		c->rax = TDX_STATUS_BAD_OPERAND;
	}
}

void tdx_player_ve(struct vcpu *vcpu, uint64_t gpa)
{
	struct kvm_vcpu_events events;

	played(vcpu)->ve_info = (struct tdx_call){ .rcx = TDX_EXIT_EPT_VIOLATION, .r9 = gpa };
	vcpu_ioctl(vcpu, KVM_GET_VCPU_EVENTS, &events);
	events.exception.injected = 1;
	events.exception.nr = VECTOR_VE;
	events.exception.has_error_code = 0;
	vcpu_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events);
}
