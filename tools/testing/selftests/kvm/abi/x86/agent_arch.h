/* SPDX-License-Identifier: GPL-2.0-only */
/* The x86 half of the agent's ABI. */
#ifndef X86_AGENT_ARCH_H
#define X86_AGENT_ARCH_H

#include "abi/x86/tdx.h"

/* A write to this port is the doorbell. */
#define AGENT_DOORBELL_PORT	0xd0b

/* A write to this one is a TDCALL that is played: struct agent_tdx. */
#define AGENT_TDCALL_PORT	0xd0c

/* The interrupt by which the host gives up an operation of a guest that takes no exceptions. */
#define AGENT_INTERRUPT		0x40

/*
 * What it begins with: IF, though nobody interrupts it but the host.  Without, one emulated CPU
 * lets no interrupt of the machine's end its turn (docs/emulator.md, Bochs).
 */
#define AGENT_RFLAGS		0x202

/* Selectors of the agent's flat GDT; the host loads them at boot. */
#define AGENT_SELECTOR_CODE	0x08
#define AGENT_SELECTOR_DATA	0x10

/* Opcodes of its own. */
enum {
	AGENT_OP_WRMSR = 0x100,		/* MSR arg = value */
	/* Xen hypercall number arg with arguments value, gpa, size; its result in value */
	AGENT_OP_XEN,
	AGENT_OP_MOVS,			/* movsq: word at gpa to that at arg, also a gpa */
	AGENT_OP_LOAD,			/* value = word at arg, a virtual address */
	AGENT_OP_STORE,			/* word at arg = value */
	AGENT_OP_INVLPG,		/* forget what arg is mapped to */
	AGENT_OP_CR3,			/* root of the page tables = arg; everything is forgotten */

	/* Of SNP guests alone; arg is a linear address, size 1 a page of 2M. */
	AGENT_OP_PVALIDATE,		/* value: 1 or 0; then EAX, or -1: nothing to change */
	AGENT_OP_RMPADJUST,		/* value: attributes; then EAX */
	/*
	 * GHCB = the page at control address arg, and back afterwards; without it, or with a
	 * value, the MSR = value.  Then VMGEXIT; value = the MSR.
	 */
	AGENT_OP_VMGEXIT,

	AGENT_OP_L1,			/* arg: enum agent_l1_request, with value; in L2 alone */

	AGENT_OP_RSM,			/* leave system management mode */

	/* Of TDX guests alone. */
	AGENT_OP_TDCALL,		/* with the struct tdx_call at control address arg */
};

/* What L2 may ask L1 for, before L2 goes on. */
enum agent_l1_request {
	AGENT_L1_NOTHING,		/* an exit and a VMRUN */
	AGENT_L1_FLUSH_ASID,		/* SVM's ASIDs are VMX's VPIDs and EPT pointers */
	AGENT_L1_FLUSH_ALL,
	AGENT_L1_NEXT_ASID,
	AGENT_L1_ROOT,			/* the first argument is the root of the nested tables */
	AGENT_L1_SAVE,			/* VMSAVE to the first argument; VMCLEAR of it */
	AGENT_L1_INVLPGA,		/* the first argument is an address of L2's */
	AGENT_L1_KVM,			/* KVM's hypercall: its number, and three arguments */
	AGENT_L1_XEN,			/* Xen's */
};

/* Of a vCPU whose agent runs in L2; control addresses. */
struct agent_l1 {
	uint64_t control;		/* the VMCB, or the VMCS */
	uint64_t stack;			/* its end */
	uint64_t save;			/* for the CPU: MSR VM_HSAVE_PA, or what VMXON is given */
	uint64_t bitmap;		/* of MSRs that exit to L1; 0: none, by SVM alone */
	uint64_t vmx;			/* or SVM */
	uint64_t nested_root;		/* of nested page tables; 0: none */
	uint64_t no_nx;			/* by SVM: EFER.NX is to be clear, which nobody does */
	uint64_t what, args[4];		/* L2's: enum agent_l1_request; args[0] is the answer */
	/* L1 counts. */
	uint64_t exits;
	uint64_t calls;			/* those that L2 made */
	uint64_t lost;			/* exits that L1 did not ask for: L2 does not go on */
	uint64_t wrmsrs;		/* L2's writes to MSRs, which L1 does not make for it */
	uint64_t violations;		/* of the nested page tables; the last: */
	uint64_t violation_error;	/* as a page fault's error code */
	uint64_t violation_gpa;
};

/*
 * Of a vCPU whose TDCALLs the host plays.  The guest writes the registers, and takes the answers,
 * unless it is to make the call again, and does what they ask for; the host says what the #VE that
 * it raised was about.
 */
struct agent_tdx {
	struct tdx_call call;
	uint64_t again;
	uint64_t zero;		/* linear address of a page that is to become so, or 0 */
	struct tdx_call ve_info;
};

#endif /* X86_AGENT_ARCH_H */
