// SPDX-License-Identifier: GPL-2.0-only
/* x86-64 part of the guest agent. */
#include "abi/word.h"
#include "abi/x86/agent_arch.h"
#include "guest/guest.h"
#include "guest/x86/hypercall.h"
#include "guest/x86/kvm_para_x86.h"
#include "guest/x86/msr.h"
#include "guest/x86/nested.h"
#include "guest/x86/snp.h"
#include "guest/x86/tdx.h"

struct descriptor_pointer {
	uint16_t limit;
	uint64_t base;
} __attribute__((packed));

struct gate {
	uint16_t offset_low;
	uint16_t selector;
	uint16_t type;		/* IST 0, 64-bit interrupt gate, present */
	uint16_t offset_middle;
	uint32_t offset_high;
	uint32_t reserved;
};

#define GATE_INTERRUPT	0x8e00
#define MSR_GS_BASE	0xc0000101u
#define UNMAPPED	(1ull << 46)

extern char exception_stubs[], interrupt_entry[];

/* Accessed bits are set already: no vCPU ever writes to it. */
static const uint64_t gdt[] = { 0, 0x00af9b000000ffffull, 0x00cf93000000ffffull };
static struct gate idt[AGENT_INTERRUPT + 1];

static void gate_set(unsigned int vector, uint64_t entry)
{
	idt[vector] = (struct gate){
		.offset_low = entry,
		.selector = AGENT_SELECTOR_CODE,
		.type = GATE_INTERRUPT,
		.offset_middle = entry >> 16,
		.offset_high = entry >> 32,
	};
}

uint8_t word_emulated;

/* All vCPUs share the tables; those that come later store the same values again. */
void arch_init(struct agent_mailbox *mb)
{
	struct descriptor_pointer gdtr = { sizeof(gdt) - 1, (uint64_t)gdt };
	struct descriptor_pointer idtr = { sizeof(idt) - 1, (uint64_t)idt };
	unsigned int i;

	for (i = 0; i < 32; i++)
		gate_set(i, (uint64_t)exception_stubs + 16 * i);
	gate_set(AGENT_INTERRUPT, (uint64_t)interrupt_entry);
	__asm__ volatile("lgdt %0; lidt %1" :: "m"(gdtr), "m"(idtr));
	wrmsr(MSR_GS_BASE, (uint64_t)mb);
	if (mb->ghcb)
		snp_init(mb);
	if (mb->tdx)
		tdx_init();
	if (mb->l1)
		nested_init(mb);
	word_emulated = mb->emulated;
}

struct agent_mailbox *arch_mailbox(void)
{
	return (struct agent_mailbox *)rdmsr(MSR_GS_BASE);
}

void arch_doorbell(void)
{
	struct agent_mailbox *mb = arch_mailbox();

	if (mb->ghcb)
		snp_out(mb, AGENT_DOORBELL_PORT, 0);
	else if (mb->tdx)
		tdx_out(AGENT_DOORBELL_PORT, 0);
	else
		__asm__ volatile("outl %0, %1"
				 :: "a"(0), "d"((uint16_t)AGENT_DOORBELL_PORT) : "memory");
}

void arch_relax(void)
{
	__asm__ volatile("pause" ::: "memory");
}

/* A hypercall of L2's would be L1's affair: L1 makes it for L2. */
static int64_t hypercall(uint64_t request, int64_t (*make)(const uint64_t args[4]),
			 const uint64_t args[4])
{
	struct agent_mailbox *mb = arch_mailbox();

	return mb->l1 ? nested_call(mb, request, args) : make(args);
}

static void movs(uint64_t to, uint64_t from)
{
	__asm__ volatile("cld; movsq" : "+D"(to), "+S"(from) :: "memory", "cc");
}

uint32_t arch_op(const struct agent_op *op, struct agent_result *r)
{
	switch (op->opcode) {
	case AGENT_OP_WRMSR:
		wrmsr(op->arg, op->value);
		return AGENT_OK;
	case AGENT_OP_XEN:
		r->value = hypercall(AGENT_L1_XEN, xen_hypercall,
				     (uint64_t[]){ op->arg, op->value, op->gpa, op->size });
		return AGENT_OK;
	case AGENT_OP_MOVS:
		movs(op->arg + AGENT_ALIAS_PRIVATE, op->gpa + AGENT_ALIAS_PRIVATE);
		return AGENT_OK;
	case AGENT_OP_LOAD:
		r->value = word_load((uint64_t *)op->arg);
		return AGENT_OK;
	case AGENT_OP_STORE:
		word_store((uint64_t *)op->arg, op->value);
		return AGENT_OK;
	case AGENT_OP_INVLPG:
		__asm__ volatile("invlpg (%0)" :: "r"(op->arg) : "memory");
		return AGENT_OK;
	case AGENT_OP_CR3:
		__asm__ volatile("mov %0, %%cr3" :: "r"(op->arg) : "memory");
		return AGENT_OK;
	case AGENT_OP_L1:
		if (!arch_mailbox()->l1)
			return AGENT_BAD_OP;
		nested_call(arch_mailbox(), op->arg, (uint64_t[4]){ op->value });
		return AGENT_OK;
	case AGENT_OP_RSM:
		__asm__ volatile("rsm" ::: "memory");
		return AGENT_BAD_OP;
	case AGENT_OP_TDCALL:
		tdx_call((struct tdx_call *)op->arg);
		return AGENT_OK;
	default:
		return arch_mailbox()->ghcb ? snp_op(arch_mailbox(), r) : AGENT_BAD_OP;
	}
}

/* Documentation/virt/kvm/x86/hypercalls.rst, 8. KVM_HC_MAP_GPA_RANGE. */
int64_t arch_convert(uint64_t gpa, uint64_t size, int to_private)
{
	struct agent_mailbox *mb = arch_mailbox();

	if (mb->ghcb)
		return snp_convert(mb, gpa, size, to_private);
	if (mb->tdx)
		return tdx_convert(gpa, size, to_private);
	return hypercall(AGENT_L1_KVM, kvm_hypercall,
			 (uint64_t[]){ KVM_HC_MAP_GPA_RANGE, gpa, size / 4096,
				       to_private ? KVM_MAP_GPA_RANGE_ENCRYPTED :
						    KVM_MAP_GPA_RANGE_DECRYPTED });
}

/* movabs $value, %rax; ret.  x86 keeps instruction fetch coherent with stores. */
uint64_t arch_execute(void *code, uint64_t value, int store)
{
	uint8_t *p = code;
	uint64_t result;
	unsigned int i;

	if (store) {
		p[0] = 0x48;
		p[1] = 0xb8;
		for (i = 0; i < 8; i++)
			p[2 + i] = value >> 8 * i;
		p[10] = 0xc3;
	}
	/*
	 * The page may have become zero meanwhile, which is "add %al, (%rax)": rax holds an
	 * address that nothing maps, so that this ends in an exception at once.
	 */
	result = UNMAPPED;
	__asm__ volatile("call *%2" : "+a"(result), "+D"(value) : "r"(code) : "memory", "cc");
	return result;
}
