// SPDX-License-Identifier: GPL-2.0-only
/* x86: boot state of a vCPU, exits of its own, exceptions from outside. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "abi/x86/agent_arch.h"
#include "harness/verdict.h"
#include "machine/machine_arch.h"
#include "machine/x86/emulator.h"
#include "machine/x86/forced_emulation.h"
#include "machine/x86/kvm_uapi_x86.h"
#include "machine/x86/nested.h"
#include "machine/x86/smm.h"
#include "machine/x86/snp.h"
#include "machine/x86/tdx.h"
#include "machine/x86/tdx_player.h"

#define CR0_PE		(1ull << 0)
#define CR0_NE		(1ull << 5)
#define CR0_WP		(1ull << 16)
#define CR0_PG		(1ull << 31)
#define CR4_PAE		(1ull << 5)
#define EFER_LME	(1ull << 8)
#define EFER_LMA	(1ull << 10)

#define SEGMENT_CODE	0xb	/* execute, read, accessed */
#define SEGMENT_DATA	0x3	/* read, write, accessed */
#define SEGMENT_TSS	0xb	/* busy 64-bit TSS */

#define VECTOR_GP	13
#define CPUID_ENTRIES	256

static void set_cpuid(struct vcpu *vcpu)
{
	struct kvm_cpuid2 *cpuid;

	cpuid = calloc(1, sizeof(*cpuid) + CPUID_ENTRIES * sizeof(cpuid->entries[0]));
	verdict_require(cpuid, "out of memory");
	cpuid->nent = CPUID_ENTRIES;
	kvm_ioctl(kvm_dev(), KVM_GET_SUPPORTED_CPUID, cpuid);
	vcpu_ioctl(vcpu, KVM_SET_CPUID2, cpuid);
	free(cpuid);
}

static struct kvm_segment segment(uint16_t selector, uint8_t type, bool code)
{
	return (struct kvm_segment){
		.selector = selector, .limit = 0xffffffff, .type = type, .present = 1,
		.s = 1, .g = 1, .l = code, .db = !code,
	};
}

unsigned int arch_vcpus_first(const struct vm *vm)
{
	if (vm->type->guest == VM_GUEST_SNP)
		return SNP_VCPUS;
	return vm->type->guest == VM_GUEST_TDX ? tdx_vcpus(vm) : 0;
}

void arch_vm_launch(struct vm *vm)
{
	if (vm->type->guest == VM_GUEST_SNP)
		snp_launch(vm);
	else
		tdx_launch(vm);
}

void arch_vcpu_boot(struct vcpu *vcpu, uint64_t entry, uint64_t stack, uint64_t mailbox)
{
	struct kvm_regs regs = {
		.rip = entry,
		.rsp = stack,
		.rdi = mailbox,
		.rflags = AGENT_RFLAGS,
	};
	struct kvm_sregs sregs;

	if (vcpu->vm->reset)
		tdx_reset_vcpu(vcpu->vm->reset, vcpu->id, stack, mailbox);
	if (vcpu->vm->type->guest == VM_GUEST_TDX) {
		tdx_vcpu_init(vcpu, mailbox);
		return;
	}
	set_cpuid(vcpu);
	if (vcpu->vm->type->guest == VM_GUEST_TDX_PLAYED) {
		tdx_player_boot(vcpu, mailbox);
		return;
	}
	vcpu_ioctl(vcpu, KVM_GET_SREGS, &sregs);
	sregs.cs = segment(AGENT_SELECTOR_CODE, SEGMENT_CODE, true);
	sregs.ds = segment(AGENT_SELECTOR_DATA, SEGMENT_DATA, false);
	sregs.es = sregs.fs = sregs.gs = sregs.ss = sregs.ds;
	sregs.tr.type = SEGMENT_TSS;
	sregs.tr.present = 1;
	sregs.cr0 = CR0_PE | CR0_NE | CR0_WP | CR0_PG;
	sregs.cr3 = vcpu->vm->root | vcpu->vm->c_mask;
	sregs.cr4 = CR4_PAE;
	sregs.efer = EFER_LME | EFER_LMA;
	vcpu_ioctl(vcpu, KVM_SET_SREGS, &sregs);
	vcpu_ioctl(vcpu, KVM_SET_REGS, &regs);
	if (vcpu->vm->level == VM_LEVEL_SMM)
		smm_enter(vcpu, mailbox);
	else if (vcpu->vm->level == VM_LEVEL_EMULATOR)
		forced_emulation_prepare(vcpu, mailbox);
	else if (vcpu->vm->level != VM_LEVEL_1)
		nested_prepare(vcpu, mailbox);
	if (vcpu->vm->type->guest == VM_GUEST_SNP) {
		struct agent_mailbox *mb = vm_control_ptr(vcpu->vm, mailbox);

		mb->ghcb = vm_control_alloc(vcpu->vm, 4096);
	}
}

bool arch_exit_decode(struct vcpu *vcpu, struct vcpu_exit *exit)
{
	const struct kvm_run *run = vcpu->run;

	if (run->exit_reason == KVM_EXIT_IO && run->io.port == AGENT_DOORBELL_PORT) {
		exit->kind = VCPU_EXIT_DOORBELL;
		return true;
	}
	if (run->exit_reason == KVM_EXIT_IO && run->io.port == AGENT_TDCALL_PORT &&
	    vcpu->vm->type->guest == VM_GUEST_TDX_PLAYED) {
		tdx_player_call(vcpu, exit);
		return true;
	}
	if (run->exit_reason == KVM_EXIT_HYPERCALL && run->hypercall.nr == KVM_HC_MAP_GPA_RANGE) {
		exit->kind = VCPU_EXIT_CONVERT;
		exit->gpa = run->hypercall.args[0];
		exit->size = run->hypercall.args[1] * 4096;
		exit->private = run->hypercall.args[2] & KVM_MAP_GPA_RANGE_ENCRYPTED;
		return true;
	}
	return false;
}

/* Where the kernel lies, and the agent never; Documentation/arch/x86/x86_64/mm.rst. */
#define KERNEL_TEXT	0xffffffff80000000ull

/* The suberror of an exit during the delivery of an event (linux/kvm.h). */
#define DELIVERY_EVENT	3

/* Can the agent's page tables lead to this address, as a page or as one of theirs? */
static bool agent_reaches(uint64_t gpa)
{
	return gpa < AGENT_CONTROL_GPA + AGENT_CONTROL_SIZE ||
	       (gpa >= AGENT_TEST_GPA && gpa < AGENT_TEST_GPA_END);
}

/*
 * The emulated CPU mixes up host and guest: a triple fault in a guest without a fault; any
 * exit of a vCPU whose registers are those of the kernel that runs it; a walk of the host's
 * page tables instead of the guest's, whose root nobody changes but a test of page tables.
 */
bool arch_exit_is_slip(const struct vcpu *vcpu, const struct vcpu_exit *exit)
{
	struct kvm_sregs sregs = { 0 };
	struct kvm_regs regs = { 0 };

	if (!emulator_cpu())
		return false;
	__vcpu_ioctl(vcpu, KVM_GET_REGS, &regs);
	if (__vcpu_ioctl(vcpu, KVM_GET_SREGS, &sregs))
		sregs.cr3 = vcpu->vm->root;
	return exit->kind == VCPU_EXIT_SHUTDOWN || regs.rip >= KERNEL_TEXT ||
	       (sregs.cr3 != vcpu->vm->root && !vcpu->vm->roots) ||
	       (exit->kind == VCPU_EXIT_INTERNAL_ERROR && exit->detail == DELIVERY_EVENT &&
		!agent_reaches(exit->internal[3]));
}

/*
 * docs/findings.md, 8: KVM says that an access met a hole while an event was delivered,
 * but delivery touches the control memslot alone.
 */
bool arch_exit_is_false(const struct vcpu_exit *exit)
{
	const uint64_t gpa = exit->internal[3];

	return exit->detail == DELIVERY_EVENT && gpa >= AGENT_TEST_GPA && gpa < AGENT_TEST_GPA_END;
}

void arch_convert_answer(struct vcpu *vcpu, int error)
{
	/* KVM itself answers such a guest: it wants to know whether to try again. */
	if (vcpu->vm->type->guest == VM_GUEST_TDX_PLAYED)
		tdx_player_map_answer(vcpu, error);
	else if (vcpu->vm->type->encrypted)
		vcpu->run->hypercall.ret = error && error != EAGAIN ? EINVAL : error;
	else
		vcpu->run->hypercall.ret = -(int64_t)error;
}

int arch_vcpu_abort(struct vcpu *vcpu)
{
	struct kvm_vcpu_events events;
	int r;

	if (vcpu->vm->reset)
		return tdx_interrupt(vcpu);
	r = __vcpu_ioctl(vcpu, KVM_GET_VCPU_EVENTS, &events);
	if (r)
		return r;
	events.exception.injected = 1;
	events.exception.nr = VECTOR_GP;
	events.exception.has_error_code = 1;
	events.exception.error_code = 0;
	return __vcpu_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events);
}

void arch_vcpu_describe(const struct vcpu *vcpu, char *text, size_t size)
{
	struct kvm_sregs sregs = { 0 };
	struct kvm_regs regs = { 0 };

	__vcpu_ioctl(vcpu, KVM_GET_REGS, &regs);
	__vcpu_ioctl(vcpu, KVM_GET_SREGS, &sregs);
	snprintf(text, size,
		 "vCPU %u: rip %#llx rsp %#llx rflags %#llx rax %#llx rdi %#llx cr2 %#llx cr3 %#llx",
		 vcpu->id, regs.rip, regs.rsp, regs.rflags, regs.rax, regs.rdi, sregs.cr2,
		 sregs.cr3);
}

void arch_exception_describe(const struct agent_result *r, char *text, size_t size)
{
	snprintf(text, size, "vector %u, error %#llx, cr2 %#llx, rip %#llx", r->vector,
		 (unsigned long long)r->error_code, (unsigned long long)r->fault_address,
		 (unsigned long long)r->ip);
}
