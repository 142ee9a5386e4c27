// SPDX-License-Identifier: GPL-2.0-only
/* arm64: boot state of a vCPU, exits of its own, exceptions from outside. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include "abi/arm64/agent_arch.h"
#include "harness/verdict.h"
#include "machine/arm64/pkvm.h"
#include "machine/arm64/registers.h"
#include "machine/machine_arch.h"

/* SCTLR_EL1: MMU and caches on, and what is reserved as one in ARMv8.0. */
#define SCTLR_M		(1ull << 0)
#define SCTLR_C		(1ull << 2)
#define SCTLR_I		(1ull << 12)
#define SCTLR_RES1	0x30d00980ull

/* TCR_EL1: 48 bits by TTBR0 with the 4K granule, walks cacheable and inner shareable. */
#define TCR_T0SZ	(64 - 48)
#define TCR_WALKS	(1ull << 8 | 1ull << 10 | 3ull << 12)
#define TCR_EPD1	(1ull << 23)
#define TCR_IPS_36	(1ull << 32)

#define MAIR		0x00ffull	/* 0: normal, write-back; 1: device-nGnRnE */

#define PSTATE_EL1H	0x5ull
#define PSTATE_DAIF	(0xfull << 6)

#define TGRAN4_SHIFT	28		/* of ID_AA64MMFR0_EL1 */
#define TGRAN4_NONE	0xf

#define NISV_WRITE	(1ull << 6)	/* ISS.WnR */

/*
 * Under pKVM the first KVM_RUN tells the hypervisor how many there are, and later ones get
 * -EINVAL (arch/arm64/kvm/pkvm.c, __pkvm_create_hyp_vm()).
 */
unsigned int arch_vcpus_first(const struct vm *vm)
{
	(void)vm;
	return pkvm_enabled() ? VM_VCPUS_MAX : 0;
}

void arch_vm_launch(struct vm *vm)
{
	(void)vm;
}

static void vcpu_init(struct vcpu *vcpu)
{
	struct kvm_vcpu_init init;

	vm_ioctl(vcpu->vm, KVM_ARM_PREFERRED_TARGET, &init);
	vcpu_ioctl(vcpu, KVM_ARM_VCPU_INIT, &init);
}

void arch_vcpu_boot(struct vcpu *vcpu, uint64_t entry, uint64_t stack, uint64_t mailbox)
{
	vcpu_init(vcpu);
	if ((register_get(vcpu, REG_ID_AA64MMFR0_EL1) >> TGRAN4_SHIFT & 0xf) == TGRAN4_NONE)
		verdict_skip("the agent needs the 4K granule, which this CPU does not have");
	register_set(vcpu, REG_SCTLR_EL1, SCTLR_M | SCTLR_C | SCTLR_I | SCTLR_RES1);
	register_set(vcpu, REG_TCR_EL1, TCR_T0SZ | TCR_WALKS | TCR_EPD1 | TCR_IPS_36);
	register_set(vcpu, REG_MAIR_EL1, MAIR);
	register_set(vcpu, REG_TTBR0_EL1, vcpu->vm->root);
	register_set(vcpu, REG_PSTATE, PSTATE_EL1H | PSTATE_DAIF);
	register_set(vcpu, REG_SP_EL1, stack);
	register_set(vcpu, REG_PC, entry);
	register_set(vcpu, REG_X(0), mailbox);
}

static void decode_convert(const struct vcpu *vcpu, struct vcpu_exit *exit)
{
	exit->kind = VCPU_EXIT_CONVERT;
	exit->gpa = register_get(vcpu, REG_X(1));
	exit->size = register_get(vcpu, REG_X(2));
	exit->private = register_get(vcpu, REG_X(3));
}

bool arch_exit_decode(struct vcpu *vcpu, struct vcpu_exit *exit)
{
	const struct kvm_run *run = vcpu->run;

	switch (run->exit_reason) {
	case KVM_EXIT_MMIO:
		if (run->mmio.phys_addr != AGENT_DOORBELL_GPA)
			return false;
		exit->kind = VCPU_EXIT_DOORBELL;
		return true;
	case KVM_EXIT_ARM_NISV:
		exit->kind = VCPU_EXIT_MMIO;
		exit->gpa = run->arm_nisv.fault_ipa;
		exit->write = run->arm_nisv.esr_iss & NISV_WRITE;
		return true;
	case KVM_EXIT_HYPERCALL:
		if (run->hypercall.nr != AGENT_SMCCC_CONVERT)
			return false;
		decode_convert(vcpu, exit);
		return true;
	}
	return false;
}

bool arch_exit_is_slip(const struct vcpu *vcpu, const struct vcpu_exit *exit)
{
	(void)vcpu;
	(void)exit;
	return false;
}

bool arch_exit_is_false(const struct vcpu_exit *exit)
{
	(void)exit;
	return false;
}

/* Registers of an SMCCC exit are userspace's to set (api.rst, 5, KVM_EXIT_HYPERCALL). */
void arch_convert_answer(struct vcpu *vcpu, int error)
{
	register_set(vcpu, REG_X(0), -(int64_t)error);
}

int arch_vcpu_abort(struct vcpu *vcpu)
{
	struct kvm_vcpu_events events = { .exception.ext_dabt_pending = 1 };

	return __vcpu_ioctl(vcpu, KVM_SET_VCPU_EVENTS, &events);
}

void arch_vcpu_describe(const struct vcpu *vcpu, char *text, size_t size)
{
	snprintf(text, size,
		 "vCPU %u: pc %#llx sp %#llx pstate %#llx x0 %#llx x30 %#llx esr %#llx far %#llx",
		 vcpu->id, (unsigned long long)register_get(vcpu, REG_PC),
		 (unsigned long long)register_get(vcpu, REG_SP_EL1),
		 (unsigned long long)register_get(vcpu, REG_PSTATE),
		 (unsigned long long)register_get(vcpu, REG_X(0)),
		 (unsigned long long)register_get(vcpu, REG_X(30)),
		 (unsigned long long)register_get(vcpu, REG_ESR_EL1),
		 (unsigned long long)register_get(vcpu, REG_FAR_EL1));
}

/* Exception classes that the agent can meet (Arm ARM D24.2.37). */
static const char *exception_name(uint64_t esr)
{
	switch (AGENT_EC(esr)) {
	case 0x00: return "undefined instruction";
	case 0x07: return "floating point";
	case 0x0e: return "illegal state";
	case 0x21: return "instruction abort";
	case 0x22: return "misaligned pc";
	case 0x25: return "data abort";
	case 0x26: return "misaligned sp";
	case 0x2f: return "SError";
	default:   return "exception";
	}
}

void arch_exception_describe(const struct agent_result *r, char *text, size_t size)
{
	snprintf(text, size, "%s, vector %u, ESR %#llx, FAR %#llx, ELR %#llx",
		 exception_name(r->error_code), r->vector, (unsigned long long)r->error_code,
		 (unsigned long long)r->fault_address, (unsigned long long)r->ip);
}
