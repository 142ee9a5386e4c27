// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include "abi/x86/agent_arch.h"
#include "abi/x86/legacy.h"
#include "harness/verdict.h"
#include "scenario/x86/legacy_vcpu.h"

#define CR0_PE		(1ull << 0)
#define CR0_ET		(1ull << 4)
#define CR0_NE		(1ull << 5)
#define CR0_WP		(1ull << 16)
#define CR0_PG		(1ull << 31)
#define CR4_PSE		(1ull << 4)
#define CR4_PAE		(1ull << 5)

/* Bytes into the page of the code. */
#define GDT		0x800u
#define IDT		0xc00u

#define SELECTOR_CODE	0x08u
#define SELECTOR_DATA	0x10u

/* Flat segments, accessed already (Intel SDM, volume 3, 3.4.5), a gate to the code (6.11). */
#define CODE_32		0x00cf9b000000ffffull
#define DATA_32		0x00cf93000000ffffull
#define GATE_32		0x00008e0000000000ull
#define VECTOR_PF	14u

static uint32_t offset(const uint8_t *step)
{
	return step - legacy_code;
}

static uint64_t code_create(struct vm *vm)
{
	const uint64_t code = vm_control_alloc(vm, 4096), fault = code + offset(legacy_fault);
	uint8_t *p = vm_control_ptr(vm, code);
	const uint64_t gate = GATE_32 | (fault & 0xffff) | SELECTOR_CODE << 16 |
			      (fault >> 16 & 0xffff) << 48;

	memcpy(p, legacy_code, legacy_code_end - legacy_code);
	memcpy(p + GDT + SELECTOR_CODE, &(uint64_t){ CODE_32 }, 8);
	memcpy(p + GDT + SELECTOR_DATA, &(uint64_t){ DATA_32 }, 8);
	memcpy(p + IDT + 8 * VECTOR_PF, &gate, 8);
	return code;
}

static struct kvm_segment flat(uint16_t selector, uint8_t type)
{
	return (struct kvm_segment){
		.selector = selector, .limit = 0xffffffff, .type = type, .present = 1, .s = 1,
		.g = 1, .db = 1,
	};
}

void legacy_vcpu_create(struct legacy_vcpu *v, const struct legacy_tables *t, unsigned int id)
{
	struct kvm_sregs sregs;

	v->code = code_create(t->vm);
	v->stack = vm_control_alloc(t->vm, 4096) + 4096;
	v->vcpu = vcpu_create_bare(t->vm, id);
	vcpu_ioctl(v->vcpu, KVM_GET_SREGS, &sregs);
	sregs.cs = flat(SELECTOR_CODE, 0xb);
	sregs.ds = flat(SELECTOR_DATA, 0x3);
	sregs.es = sregs.fs = sregs.gs = sregs.ss = sregs.ds;
	sregs.tr.type = 0xb;
	sregs.tr.present = 1;
	sregs.gdt = (struct kvm_dtable){ .base = v->code + GDT, .limit = 3 * 8 - 1 };
	sregs.idt = (struct kvm_dtable){ .base = v->code + IDT, .limit = 32 * 8 - 1 };
	sregs.cr0 = CR0_PE | CR0_ET | CR0_NE | CR0_WP | CR0_PG;
	sregs.cr3 = t->root[0];
	sregs.cr4 = t->pae ? CR4_PAE : CR4_PSE;
	sregs.efer = 0;
	vcpu_ioctl(v->vcpu, KVM_SET_SREGS, &sregs);
}

void legacy_vcpu_destroy(struct legacy_vcpu *v)
{
	vcpu_destroy(v->vcpu);
}

/* The port of the OUT that ends the step. */
static uint32_t run_to_port(struct legacy_vcpu *v)
{
	const struct kvm_run *run = v->vcpu->run;
	struct vcpu_exit exit;
	char text[200];

	for (;;) {
		exit = vcpu_run(v->vcpu);
		if (exit.kind == VCPU_EXIT_MMIO && !exit.write)
			vcpu_mmio_answer(v->vcpu, LEGACY_ABSENT);
		else if (exit.kind != VCPU_EXIT_MMIO && exit.kind != VCPU_EXIT_INTERRUPTED)
			break;
	}
	if (exit.kind == VCPU_EXIT_OTHER && run->exit_reason == KVM_EXIT_IO)
		return run->io.port;
	vcpu_exit_describe(&exit, text, sizeof(text));
	verdict_fail(VERDICT_ABI, "a vCPU in protected mode: %s", text);
}

struct legacy_result legacy_do(struct legacy_vcpu *v, const uint8_t *step, uint32_t value,
			       uint32_t address)
{
	struct kvm_regs regs = {
		.rip = v->code + offset(step), .rsp = v->stack, .rax = value, .rbx = address,
		.rflags = AGENT_RFLAGS,
	};
	struct legacy_result r = { 0 };

	vcpu_ioctl(v->vcpu, KVM_SET_REGS, &regs);
	r.fault = run_to_port(v) == LEGACY_FAULT;
	vcpu_ioctl(v->vcpu, KVM_GET_REGS, &regs);
	r.value = regs.rax;
	r.error = regs.rcx;
	r.address = regs.rdx;
	return r;
}
