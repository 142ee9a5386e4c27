// SPDX-License-Identifier: GPL-2.0-only
/*
 * #VC, delivered by the model: the emulated CPU pushes no error code for that vector.  For a guest
 * in 64-bit mode at CPL 0, by an interrupt gate without a stack of its own.
 */
#include "snpsim.h"

#define VC_VECTOR_NUMBER	29
#define FRAME			6	/* error code, rip, cs, rflags, rsp, ss */

struct gate {
	u16 offset_low;
	u16 selector;
	u8 stack;
	u8 type;
	u16 offset_middle;
	u32 offset_high;
	u32 reserved;
};

/*
 * The host's view of guest memory that the CPU itself uses, or NULL if an exit comes first: an
 * #NPF, after which the guest runs the instruction again, or a shutdown.
 */
static void *reach(struct vcpu_svm *svm, u64 gva, u64 access)
{
	struct vmcb_control_area *control = &svm->vmcb->control;
	struct snpsim_walk walk;
	u64 npf = 0;
	u32 vc = 0;

	snpsim_guest_walk(svm, gva, access, &walk);
	if (!walk.page_fault && !walk.npf)
		npf = snpsim_rmp_check(svm, walk.pfn, walk.gpa, &vc);
	if (walk.page_fault || vc || (walk.npf & PFERR_RSVD_MASK)) {
		control->exit_code = SVM_EXIT_SHUTDOWN;
		return NULL;
	}
	if (walk.npf || npf) {
		control->exit_code = SVM_EXIT_NPF;
		control->exit_info_1 = walk.npf | npf | access | PFERR_USER_MASK;
		control->exit_info_2 = walk.gpa & ~SNPSIM_C_MASK;
		return NULL;
	}
	return snpsim_window(PFN_PHYS(walk.pfn) + offset_in_page(gva));
}

/**
 * snpsim_reflect() - raise #VC
 * @svm: the vCPU
 * @error: its error code: what the exit would have been
 *
 * Return: true to enter the guest again, false for KVM's eyes.
 */
bool snpsim_reflect(struct vcpu_svm *svm, u32 error)
{
	struct vmcb_save_area *save = &svm->vmcb->save;
	const u64 frame[FRAME] = {
		error, save->rip, save->cs.selector, save->rflags, save->rsp, save->ss.selector,
	};
	const u64 stack = (save->rsp & ~15ull) - sizeof(frame);
	struct gate *gate;
	u64 *place;
	int i;

	gate = reach(svm, save->idtr.base + VC_VECTOR_NUMBER * sizeof(*gate), 0);
	if (!gate)
		return false;
	if (!(gate->type & 0x80) || (gate->stack & 7) || save->cpl) {
		svm->vmcb->control.exit_code = SVM_EXIT_SHUTDOWN;
		return false;
	}
	for (i = FRAME - 1; i >= 0; i--) {
		place = reach(svm, stack + 8 * i, PFERR_WRITE_MASK);
		if (!place)
			return false;
		WRITE_ONCE(*place, frame[i]);
	}
	save->rsp = stack;
	save->rip = gate->offset_low | (u64)gate->offset_middle << 16 |
		    (u64)gate->offset_high << 32;
	save->cs.selector = gate->selector;
	save->rflags &= ~(u64)(X86_EFLAGS_IF | X86_EFLAGS_TF | X86_EFLAGS_NT | X86_EFLAGS_RF);
	svm->vmcb->control.exit_int_info = 0;
	return true;
}
