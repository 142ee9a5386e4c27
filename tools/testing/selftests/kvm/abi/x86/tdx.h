/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a TDX guest says, register by register: TDCALL (Intel 348551, "TDX Module ABI") and
 * TDG.VP.VMCALL (Intel 348552, "Guest-Host-Communication Interface"); and the page that its vCPUs
 * start in.  Nothing here calls anybody: selfcheck holds each of them against the figures.
 */
#ifndef X86_TDX_H
#define X86_TDX_H

#include <stdint.h>

/* The registers of a TDCALL; TDX_CALL_BYTES of them, in the order of tdx_call.S. */
struct tdx_call {
	uint64_t rax, rbx, rcx, rdx, rsi, rdi;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
};

/* Leaves: RAX. */
enum tdx_leaf {
	TDX_VMCALL = 0,		/* to the hypervisor */
	TDX_VE_INFO = 3,	/* what the last #VE was about */
	TDX_ACCEPT = 6,		/* a page becomes the guest's, and zero */
};

/* Functions of TDX_VMCALL: R11.  The first are reasons of VMX exits. */
enum tdx_function {
	TDX_FN_IO = 30,
	TDX_FN_WRMSR = 32,
	TDX_FN_MMIO = 48,
	TDX_FN_MAP_GPA = 0x10001,
};

/* What the hypervisor answers: R10. */
#define TDX_ANSWER_RETRY		1ull
#define TDX_ANSWER_INVALID_OPERAND	0x8000000000000000ull
#define TDX_ANSWER_ALIGN_ERROR		0x8000000000000002ull
#define TDX_ANSWER_UNSUPPORTED		0x8000000000000003ull

/* What the module answers: RAX; details are in the lower half. */
#define TDX_STATUS_CLASS		0xffffffff00000000ull
#define TDX_STATUS_ACCEPTED_ALREADY	0x00000b0a00000000ull
#define TDX_STATUS_BAD_OPERAND		0xc000010000000000ull

/* R10 to R15: the hypervisor sees those registers, and no others. */
#define TDX_SHOWN	0xfc00u

/* The bit of a guest physical address that makes it shared, where guests have 48 of them. */
#define TDX_GPAW	48u
#define TDX_SHARED	(1ull << (TDX_GPAW - 1))

#define TDX_EXIT_EPT_VIOLATION	48u	/* TDX_VE_INFO: RCX */

/**
 * tdx_vmcall() - ask the hypervisor for something
 * @function: what
 * @r12: its arguments
 * @r13: likewise
 * @r14: likewise
 * @r15: likewise
 *
 * Return: registers.
 */
static inline struct tdx_call tdx_vmcall(uint64_t function, uint64_t r12, uint64_t r13,
					 uint64_t r14, uint64_t r15)
{
	return (struct tdx_call){
		.rax = TDX_VMCALL, .rcx = TDX_SHOWN, .r11 = function,
		.r12 = r12, .r13 = r13, .r14 = r14, .r15 = r15,
	};
}

/**
 * tdx_io_write() - OUT of 4 bytes
 * @port: where to
 * @value: what
 *
 * Return: registers.
 */
static inline struct tdx_call tdx_io_write(uint16_t port, uint32_t value)
{
	return tdx_vmcall(TDX_FN_IO, 4, 1, port, value);
}

/**
 * tdx_wrmsr() - WRMSR
 * @msr: its number
 * @value: what
 *
 * Return: registers.
 */
static inline struct tdx_call tdx_wrmsr(uint32_t msr, uint64_t value)
{
	return tdx_vmcall(TDX_FN_WRMSR, msr, value, 0, 0);
}

/**
 * tdx_mmio_read() - load of 8 bytes; what was read comes back in R11
 * @gpa: where, without the shared bit
 *
 * Return: registers.
 */
static inline struct tdx_call tdx_mmio_read(uint64_t gpa)
{
	return tdx_vmcall(TDX_FN_MMIO, 8, 0, gpa | TDX_SHARED, 0);
}

/**
 * tdx_mmio_write() - store of 8 bytes
 * @gpa: where, without the shared bit
 * @value: what
 *
 * Return: registers.
 */
static inline struct tdx_call tdx_mmio_write(uint64_t gpa, uint64_t value)
{
	return tdx_vmcall(TDX_FN_MMIO, 8, 1, gpa | TDX_SHARED, value);
}

/**
 * tdx_map_gpa() - MapGPA; if the answer is RETRY, on at R11
 * @gpa: start, bytes
 * @size: bytes
 * @to_private: which way
 *
 * Return: registers.
 */
static inline struct tdx_call tdx_map_gpa(uint64_t gpa, uint64_t size, int to_private)
{
	return tdx_vmcall(TDX_FN_MAP_GPA, to_private ? gpa : gpa | TDX_SHARED, size, 0, 0);
}

/**
 * tdx_accept() - accept a page
 * @gpa: of the page
 * @level: 0 is a page of 4K, 1 of 2M
 *
 * Return: registers.
 */
static inline struct tdx_call tdx_accept(uint64_t gpa, unsigned int level)
{
	return (struct tdx_call){ .rax = TDX_ACCEPT, .rcx = gpa | level };
}

/**
 * tdx_ve_info() - ask for the last #VE: RCX reason, RDX qualification, R8 linear and R9
 *    guest physical address
 *
 * Return: registers.
 */
static inline struct tdx_call tdx_ve_info(void)
{
	return (struct tdx_call){ .rax = TDX_VE_INFO };
}

/*
 * The last page below 4 GiB: vCPUs start at its end, in 32-bit protected mode without paging, their
 * number in ESI.  Code is tdx_reset.S's, the rest is filled in by the functions below.
 */
#define TDX_RESET_GPA	0xfffff000ull
#define TDX_RESET_CODE	0xe00u		/* where its code begins */
#define TDX_RESET_VCPUS	64u

struct tdx_reset {
	uint64_t gdt[3];
	uint16_t gdt_limit;
	uint32_t gdt_base;
	uint16_t reserved;
	uint64_t root;			/* of the page tables, below 4 GiB */
	uint64_t entry;			/* of the agent */
	uint64_t unused[2];
	struct {
		uint64_t stack, mailbox;
	} vcpus[TDX_RESET_VCPUS];
} __attribute__((packed));

extern const uint8_t tdx_reset_page[4096];

/**
 * tdx_reset_fill() - prepare the page
 * @page: 4096 bytes
 * @root: address of the page tables, which map the page to itself
 * @entry: where to go on in 64-bit mode
 */
void tdx_reset_fill(void *page, uint64_t root, uint64_t entry);

/**
 * tdx_reset_vcpu() - prepare the start of a vCPU
 * @page: the prepared page
 * @vcpu: its number, below TDX_RESET_VCPUS
 * @stack: end of its stack
 * @mailbox: what RDI has to hold
 */
void tdx_reset_vcpu(void *page, unsigned int vcpu, uint64_t stack, uint64_t mailbox);

/* KVM_TDX_CAPABILITIES and KVM_TDX_INIT_VM (arch/x86/include/uapi/asm/kvm.h), less the leaves. */
struct tdx_leaf_bits {
	uint32_t function, index, flags;
	uint32_t eax, ebx, ecx, edx;
	uint32_t padding[3];
};

struct tdx_leaves {
	uint32_t count, padding;
	struct tdx_leaf_bits leaf[];
};

struct tdx_capabilities {
	uint64_t attributes, xfam;
	uint64_t vmcall_info[4];
	uint64_t reserved[250];
	struct tdx_leaves leaves;
};

struct tdx_init_vm {
	uint64_t attributes, xfam;
	uint64_t config_id[6], owner[6], owner_config[6];
	uint64_t reserved[12];
	struct tdx_leaves leaves;
};

/**
 * tdx_init_vm_fill() - choose what a guest gets
 * @init: zeroed, with room for as many leaves as @caps has
 * @caps: what may be chosen: bits of leaves that are 1
 * @cpu: what KVM supports, by which those bits are chosen
 *
 * No attribute: a page that was not accepted is a #VE.  x87 and SSE state alone.
 *
 * Return: 0, or -1 if the leaf that sets the width of addresses cannot be chosen.
 */
int tdx_init_vm_fill(struct tdx_init_vm *init, const struct tdx_capabilities *caps,
		     const struct tdx_leaves *cpu);

#endif /* X86_TDX_H */
