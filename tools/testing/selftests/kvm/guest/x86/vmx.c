// SPDX-License-Identifier: GPL-2.0-only
#include "abi/x86/agent_arch.h"
#include "abi/x86/vmcs.h"
#include "guest/x86/msr.h"
#include "guest/x86/nested.h"
#include "guest/x86/vmx.h"

#define MSR_FEAT_CTL		0x3au
#define FEAT_CTL_LOCKED		(1ull << 0)
#define FEAT_CTL_VMXON		(1ull << 2)
#define MSR_VMX_BASIC		0x480u
#define MSR_VMX_CR0_FIXED0	0x486u
#define MSR_VMX_CR4_FIXED0	0x488u
#define MSR_VMX_SECONDARY	0x48bu
#define MSR_VMX_EPT_VPID	0x48cu
#define MSR_VMX_TRUE_PINBASED	0x48du
#define MSR_VMX_TRUE_PROCBASED	0x48eu
#define MSR_VMX_TRUE_EXIT	0x48fu
#define MSR_VMX_TRUE_ENTRY	0x490u

#define DR7_FIXED	0x400u

#define ACCESS_CODE	0xa09bu		/* G, L, P, S, execute, read, accessed */
#define ACCESS_DATA	0xc093u		/* G, D, P, S, read, write, accessed */
#define ACCESS_TSS	0x8bu		/* P, busy 64-bit TSS */
#define ACCESS_NONE	0x10000u
#define TSS_LIMIT	0x67u
#define SELECTOR_TSS	0x18u		/* of no descriptor: only that it is not 0 is looked at */

#define VMCALL_LENGTH	3u
#define WRMSR_LENGTH	2u
#define FIRST_VPID	1u
#define VPIDS		8u		/* any number would do */

#define FLUSH_SINGLE	1ull
#define FLUSH_ALL	2ull

static void vmwrite(uint64_t field, uint64_t value)
{
	__asm__ volatile("vmwrite %1, %0" :: "r"(field), "r"(value) : "cc", "memory");
}

static uint64_t vmread(uint64_t field)
{
	uint64_t value;

	__asm__ volatile("vmread %1, %0" : "=r"(value) : "r"(field) : "cc", "memory");
	return value;
}

/* What a capability MSR makes of wanted controls: its low half has to be, its high half may be. */
static void set_controls(uint64_t field, uint32_t msr, uint32_t wanted)
{
	const uint64_t allowed = rdmsr(msr);

	vmwrite(field, (wanted | (uint32_t)allowed) & allowed >> 32);
}

static void set_segment(unsigned int number, uint64_t selector, uint64_t access, uint64_t limit,
			uint64_t base)
{
	vmwrite(VMCS_GUEST_SELECTOR + 2 * number, selector);
	vmwrite(VMCS_GUEST_ACCESS + 2 * number, access);
	vmwrite(VMCS_GUEST_LIMIT + 2 * number, limit);
	vmwrite(VMCS_GUEST_BASE + 2 * number, base);
}

/* L2's are L1's own: both begin as the same agent. */
static void set_segments(uint64_t gs_base)
{
	unsigned int i;

	for (i = VMCS_ES; i <= VMCS_GS; i++) {
		const bool code = i == VMCS_CS;
		const uint64_t selector = code ? AGENT_SELECTOR_CODE : AGENT_SELECTOR_DATA;

		set_segment(i, selector, code ? ACCESS_CODE : ACCESS_DATA, 0xffffffff,
			    i == VMCS_GS ? gs_base : 0);
		vmwrite(VMCS_HOST_SELECTOR + 2 * i, selector);
	}
	set_segment(VMCS_LDTR, 0, ACCESS_NONE, 0, 0);
	set_segment(VMCS_TR, 0, ACCESS_TSS, TSS_LIMIT, 0);
	vmwrite(VMCS_HOST_SELECTOR + 2 * VMCS_HOST_TR, SELECTOR_TSS);
	vmwrite(VMCS_HOST_GS_BASE, gs_base);
}

static void set_tables(void)
{
	struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((packed)) gdtr, idtr;

	__asm__ volatile("sgdt %0; sidt %1" : "=m"(gdtr), "=m"(idtr));
	vmwrite(VMCS_GUEST_BASE + 2 * VMCS_GDTR, gdtr.base);
	vmwrite(VMCS_GUEST_LIMIT + 2 * VMCS_GDTR, gdtr.limit);
	vmwrite(VMCS_GUEST_BASE + 2 * VMCS_IDTR, idtr.base);
	vmwrite(VMCS_GUEST_LIMIT + 2 * VMCS_IDTR, idtr.limit);
	vmwrite(VMCS_HOST_GDTR_BASE, gdtr.base);
	vmwrite(VMCS_HOST_IDTR_BASE, idtr.base);
}

static void set_registers(void)
{
	uint64_t cr0, cr3, cr4;

	__asm__ volatile("mov %%cr0, %0" : "=r"(cr0));
	__asm__ volatile("mov %%cr3, %0" : "=r"(cr3));
	__asm__ volatile("mov %%cr4, %0" : "=r"(cr4));
	vmwrite(VMCS_GUEST_CR0, cr0);
	vmwrite(VMCS_GUEST_CR3, cr3);
	vmwrite(VMCS_GUEST_CR4, cr4);
	vmwrite(VMCS_HOST_CR0, cr0);
	vmwrite(VMCS_HOST_CR3, cr3);
	vmwrite(VMCS_HOST_CR4, cr4);
	vmwrite(VMCS_GUEST_RFLAGS, AGENT_RFLAGS);
	vmwrite(VMCS_GUEST_DR7, DR7_FIXED);
	vmwrite(VMCS_LINK, ~0ull);
}

static uint64_t ept_pointer(uint64_t root)
{
	const uint64_t ad = rdmsr(MSR_VMX_EPT_VPID) & VMX_EPT_AD ? EPTP_AD : 0;

	return root | EPTP_WALK_4 | EPTP_WRITE_BACK | ad;
}

/* All that L2 does goes to KVM, but what always exits: VMCALL, and violations of L1's EPT. */
static void set_execution(const struct agent_l1 *l1)
{
	set_controls(VMCS_PINBASED, MSR_VMX_TRUE_PINBASED, 0);
	set_controls(VMCS_PROCBASED, MSR_VMX_TRUE_PROCBASED, VMX_MSR_BITMAPS | VMX_SECONDARY);
	set_controls(VMCS_SECONDARY, MSR_VMX_SECONDARY,
		     VMX_VPID | (l1->nested_root ? VMX_EPT : 0));
	set_controls(VMCS_EXIT, MSR_VMX_TRUE_EXIT, VMX_EXIT_HOST_64);
	set_controls(VMCS_ENTRY, MSR_VMX_TRUE_ENTRY, VMX_ENTRY_64);
	vmwrite(VMCS_MSR_BITMAP, l1->bitmap);
	vmwrite(VMCS_VPID, FIRST_VPID);
	if (l1->nested_root)
		vmwrite(VMCS_EPTP, ept_pointer(l1->nested_root));
}

/* CR0 and CR4 as VMX wants them, and the MSR that firmware sets elsewhere. */
static void enable(void)
{
	uint64_t cr0, cr4;

	if (!(rdmsr(MSR_FEAT_CTL) & FEAT_CTL_LOCKED))
		wrmsr(MSR_FEAT_CTL, FEAT_CTL_LOCKED | FEAT_CTL_VMXON);
	__asm__ volatile("mov %%cr0, %0" : "=r"(cr0));
	__asm__ volatile("mov %%cr4, %0" : "=r"(cr4));
	__asm__ volatile("mov %0, %%cr0" :: "r"(cr0 | rdmsr(MSR_VMX_CR0_FIXED0)));
	__asm__ volatile("mov %0, %%cr4" :: "r"(cr4 | rdmsr(MSR_VMX_CR4_FIXED0)));
}

void vmx_init(struct agent_mailbox *mb)
{
	struct agent_l1 *l1 = (struct agent_l1 *)mb->l1;
	const uint32_t revision = rdmsr(MSR_VMX_BASIC) & 0x7fffffff;

	enable();
	*(uint32_t *)l1->save = revision;
	*(uint32_t *)l1->control = revision;
	__asm__ volatile("vmxon %0" :: "m"(l1->save) : "cc", "memory");
	__asm__ volatile("vmclear %0" :: "m"(l1->control) : "cc", "memory");
	__asm__ volatile("vmptrld %0" :: "m"(l1->control) : "cc", "memory");
	set_execution(l1);
	set_segments((uint64_t)mb);
	set_tables();
	set_registers();
	vmx_launch(l1, mb);
}

/* What VPID and EPT let the CPU keep of L2's. */
static void flush(const struct agent_l1 *l1, uint64_t how)
{
	const uint64_t vpid[2] = { vmread(VMCS_VPID) };
	uint64_t ept[2] = { 0 };

	__asm__ volatile("invvpid %0, %1" :: "m"(vpid), "r"(how) : "cc", "memory");
	if (!l1->nested_root)
		return;
	ept[0] = vmread(VMCS_EPTP);
	__asm__ volatile("invept %0, %1" :: "m"(ept), "r"(how) : "cc", "memory");
}

static void request(struct agent_l1 *l1)
{
	uint64_t *args = l1->args;

	switch (l1->what) {
	case AGENT_L1_FLUSH_ASID:
	case AGENT_L1_INVLPGA:
		flush(l1, FLUSH_SINGLE);
		break;
	case AGENT_L1_FLUSH_ALL:
		flush(l1, FLUSH_ALL);
		break;
	case AGENT_L1_NEXT_ASID:
		/* A new VPID has no linear mappings; what the EPT's say is under its root. */
		vmwrite(VMCS_VPID, vmread(VMCS_VPID) % (VPIDS - 1) + FIRST_VPID);
		flush(l1, FLUSH_SINGLE);
		break;
	case AGENT_L1_ROOT:
		vmwrite(VMCS_EPTP, ept_pointer(args[0]));
		flush(l1, FLUSH_SINGLE);
		break;
	case AGENT_L1_SAVE:
		__asm__ volatile("vmclear %0" :: "m"(args[0]) : "cc", "memory");
		break;
	default:
		nested_hypercall(l1);
	}
}

/* The bits of the qualification as those of a page fault's error code. */
static void violation(struct agent_l1 *l1)
{
	const uint64_t qualification = vmread(VMCS_QUALIFICATION);

	l1->violations++;
	l1->violation_error = (qualification & VMX_VIOLATION_MAPPED ? 1 : 0) |
			      (qualification & VMX_VIOLATION_WRITE ? 2 : 0);
	l1->violation_gpa = vmread(VMCS_GUEST_PHYSICAL);
	vmwrite(VMCS_EVENT_ERROR, 0);
	vmwrite(VMCS_EVENT, VMX_EVENT_GP);
}

/* What the bitmap says nothing of always exits, and is not for L1: KVM's own MSRs. */
static bool in_bitmap(uint32_t msr)
{
	return (msr & ~0xc0000000u) <= 0x1fff && (msr >> 30 == 0 || msr >> 30 == 3);
}

static void write_msr(struct agent_l1 *l1, const struct vmx_registers *l2)
{
	const uint32_t msr = l2->rcx;

	vmwrite(VMCS_GUEST_RIP, vmread(VMCS_GUEST_RIP) + WRMSR_LENGTH);
	if (in_bitmap(msr))
		l1->wrmsrs++;
	else
		wrmsr(msr, (uint32_t)l2->rax | l2->rdx << 32);
}

void vmx_exit(struct agent_mailbox *mb, const struct vmx_registers *l2)
{
	struct agent_l1 *l1 = (struct agent_l1 *)mb->l1;

	l1->exits++;
	switch (vmread(VMCS_EXIT_REASON)) {
	case VMX_EXIT_VMCALL:
		vmwrite(VMCS_GUEST_RIP, vmread(VMCS_GUEST_RIP) + VMCALL_LENGTH);
		l1->calls++;
		request(l1);
		break;
	case VMX_EXIT_WRMSR:
		write_msr(l1, l2);
		break;
	case VMX_EXIT_VIOLATION:
		violation(l1);
		break;
	default:
		nested_lost();
	}
}
