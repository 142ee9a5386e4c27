// SPDX-License-Identifier: GPL-2.0-only
#include "abi/x86/vmcb.h"
#include "guest/x86/msr.h"
#include "guest/x86/nested.h"
#include "guest/x86/svm.h"

#define MSR_EFER	0xc0000080u
#define MSR_PAT		0x277u
#define MSR_VM_HSAVE_PA	0xc0010117u
#define EFER_NX		(1ull << 11)
#define EFER_SVME	(1ull << 12)

#define DR6_FIXED	0xffff0ff0u
#define DR7_FIXED	0x400u

#define SEGMENT_CODE	0xa9b		/* G, L, P, S, execute, read, accessed */
#define SEGMENT_DATA	0xc93		/* G, D, P, S, read, write, accessed */

#define STGI_LENGTH	3u
#define WRMSR_LENGTH	2u
#define FIRST_ASID	1u
#define ASIDS		8u		/* as many as KVM offers (svm_set_cpu_caps()) */

_Static_assert(sizeof(struct vmcb) == 4096, "struct vmcb");

static void set_tables(struct vmcb *v)
{
	struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((packed)) gdtr, idtr;

	__asm__ volatile("sgdt %0; sidt %1" : "=m"(gdtr), "=m"(idtr));
	v->gdtr = (struct vmcb_segment){ .limit = gdtr.limit, .base = gdtr.base };
	v->idtr = (struct vmcb_segment){ .limit = idtr.limit, .base = idtr.base };
	v->cs = (struct vmcb_segment){ AGENT_SELECTOR_CODE, SEGMENT_CODE, ~0u, 0 };
	v->ds = (struct vmcb_segment){ AGENT_SELECTOR_DATA, SEGMENT_DATA, ~0u, 0 };
	v->es = v->ss = v->ds;
}

static void set_registers(struct vmcb *v)
{
	__asm__ volatile("mov %%cr0, %0" : "=r"(v->cr0));
	__asm__ volatile("mov %%cr3, %0" : "=r"(v->cr3));
	__asm__ volatile("mov %%cr4, %0" : "=r"(v->cr4));
	v->efer = rdmsr(MSR_EFER);
	v->pat = rdmsr(MSR_PAT);
	v->rflags = AGENT_RFLAGS;
	v->dr6 = DR6_FIXED;
	v->dr7 = DR7_FIXED;
}

void svm_init(struct agent_mailbox *mb)
{
	struct agent_l1 *l1 = (struct agent_l1 *)mb->l1;
	struct vmcb *v = (struct vmcb *)l1->control;

	wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_SVME | (l1->no_nx ? 0 : EFER_NX));
	wrmsr(MSR_VM_HSAVE_PA, l1->save);
	v->intercepts[3] = VMCB_INTERCEPT_SHUTDOWN;
	v->intercepts[4] = VMCB_INTERCEPT_VMRUN | VMCB_INTERCEPT_STGI;
	if (l1->bitmap)
		v->intercepts[3] |= VMCB_INTERCEPT_MSR;
	v->msr_bitmap = l1->bitmap;
	v->asid = FIRST_ASID;
	v->nested_paging = !!l1->nested_root;
	v->nested_root = l1->nested_root;
	set_tables(v);
	set_registers(v);
	svm_launch(l1, mb);
}

static void request(struct vmcb *v, struct agent_l1 *l1)
{
	uint64_t *args = l1->args;

	switch (l1->what) {
	case AGENT_L1_FLUSH_ASID:
		v->tlb_control = VMCB_FLUSH_ASID;
		break;
	case AGENT_L1_FLUSH_ALL:
		v->tlb_control = VMCB_FLUSH_ALL;
		break;
	case AGENT_L1_NEXT_ASID:
		v->asid = v->asid % (ASIDS - 1) + FIRST_ASID;
		break;
	case AGENT_L1_ROOT:
		v->nested_root = args[0];
		v->tlb_control = VMCB_FLUSH_ASID;
		break;
	case AGENT_L1_SAVE:
		__asm__ volatile("vmsave %%rax" :: "a"(args[0]) : "memory");
		break;
	case AGENT_L1_INVLPGA:
		__asm__ volatile("invlpga %%rax, %%ecx" :: "a"(args[0]), "c"(v->asid) : "memory");
		break;
	default:
		nested_hypercall(l1);
	}
}

void svm_exit(struct agent_mailbox *mb)
{
	struct agent_l1 *l1 = (struct agent_l1 *)mb->l1;
	struct vmcb *v = (struct vmcb *)l1->control;

	v->tlb_control = VMCB_FLUSH_NONE;
	v->event = 0;
	l1->exits++;
	switch (v->exit_code) {
	case VMCB_EXIT_STGI:
		v->rip += STGI_LENGTH;
		l1->calls++;
		request(v, l1);
		break;
	case VMCB_EXIT_MSR:
		if (v->exit_info[0] != 1)
			nested_lost();
		v->rip += WRMSR_LENGTH;
		l1->wrmsrs++;
		break;
	case VMCB_EXIT_NPF:
		l1->violations++;
		l1->violation_error = v->exit_info[0];
		l1->violation_gpa = v->exit_info[1];
		v->event = VMCB_EVENT_GP;
		break;
	default:
		nested_lost();
	}
}
