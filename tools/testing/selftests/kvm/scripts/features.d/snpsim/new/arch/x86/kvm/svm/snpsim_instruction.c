// SPDX-License-Identifier: GPL-2.0-only
/* Instructions that the emulated CPU does not know: PVALIDATE, RMPADJUST, VMGEXIT. */
#include "snpsim.h"

static void inject(struct vcpu_svm *svm, u32 vector, bool has_error, u32 error)
{
	struct vmcb_control_area *control = &svm->vmcb->control;

	control->event_inj = vector | SVM_EVTINJ_VALID | SVM_EVTINJ_TYPE_EXEPT |
			     (has_error ? SVM_EVTINJ_VALID_ERR : 0);
	control->event_inj_err = error;
	control->exit_int_info = 0;
}

bool snpsim_npf_exit(struct vcpu_svm *svm, u64 gpa, u64 error)
{
	struct vmcb_control_area *control = &svm->vmcb->control;

	control->exit_code = SVM_EXIT_NPF;
	control->exit_info_1 = error;
	control->exit_info_2 = gpa & ~SNPSIM_C_MASK;
	control->insn_len = 0;
	return false;
}

static void set_result(struct vcpu_svm *svm, u32 eax, bool carry)
{
	svm->vmcb->save.rax = eax;
	svm->vmcb->save.rflags &= ~(u64)X86_EFLAGS_CF;
	svm->vmcb->save.rflags |= carry ? X86_EFLAGS_CF : 0;
	svm->vmcb->save.rip += 4;
}

/* The page that PVALIDATE or RMPADJUST is about, or true if something comes first. */
static bool find_page(struct vcpu_svm *svm, struct snpsim_walk *walk, u64 **entry, bool *enter)
{
	u64 npf;
	u32 vc;

	*enter = true;
	snpsim_guest_walk(svm, svm->vmcb->save.rax, 0, walk);
	if (walk->page_fault) {
		svm->vmcb->save.cr2 = svm->vmcb->save.rax;
		inject(svm, PF_VECTOR, true, 0);
		return true;
	}
	if (walk->npf) {
		*enter = walk->npf & PFERR_RSVD_MASK ? snpsim_reflect(svm, SVM_EXIT_NPF) :
			 snpsim_npf_exit(svm, walk->gpa, walk->npf);
		return true;
	}
	if (!(walk->gpa & SNPSIM_C_MASK)) {
		set_result(svm, SNPSIM_FAIL_INPUT, false);
		return true;
	}
	npf = snpsim_rmp_check(svm, walk->pfn, walk->gpa, &vc);
	if (npf) {
		*enter = snpsim_npf_exit(svm, walk->gpa, npf | PFERR_USER_MASK);
		return true;
	}
	*entry = snpsim_rmp_entry(walk->pfn);
	return false;
}

static bool do_pvalidate(struct vcpu_svm *svm)
{
	const u64 size = svm->vcpu.arch.regs[VCPU_REGS_RCX];
	const u64 on = svm->vcpu.arch.regs[VCPU_REGS_RDX];
	struct snpsim_walk walk;
	u64 *entry, old, new;
	bool enter;

	if (size > 1 || (svm->vmcb->save.rax & (size ? PMD_SIZE - 1 : PAGE_SIZE - 1))) {
		set_result(svm, SNPSIM_FAIL_INPUT, false);
		return true;
	}
	if (find_page(svm, &walk, &entry, &enter))
		return enter;
	old = READ_ONCE(*entry);
	if (size && !(old & RMP_2M)) {
		set_result(svm, SNPSIM_FAIL_SIZE, false);
		return true;
	}
	new = on & 1 ? old | RMP_VALIDATED : old & ~RMP_VALIDATED;
	if (!try_cmpxchg64(entry, &old, new))
		return true;	/* the host was there: once more */
	if (old & ~new)
		snpsim_rmp_changed();
	set_result(svm, 0, old == new);
	return true;
}

static bool do_rmpadjust(struct vcpu_svm *svm)
{
	const u64 size = svm->vcpu.arch.regs[VCPU_REGS_RCX];
	const u64 attributes = svm->vcpu.arch.regs[VCPU_REGS_RDX];
	struct snpsim_walk walk;
	u64 *entry, old, new;
	bool enter;

	if (size > 1 || (attributes & 0xff) == 0 || (attributes & 0xff) > 3) {
		set_result(svm, (attributes & 0xff) ? SNPSIM_FAIL_INPUT : SNPSIM_FAIL_PERMISSION,
			   false);
		return true;
	}
	if (find_page(svm, &walk, &entry, &enter))
		return enter;
	old = READ_ONCE(*entry);
	if (size && !(old & RMP_2M)) {
		set_result(svm, SNPSIM_FAIL_SIZE, false);
		return true;
	}
	if (!(old & RMP_VALIDATED))
		return snpsim_reflect(svm, 0x404);
	new = attributes & BIT(16) ? old | RMP_VMSA : old & ~RMP_VMSA;
	if (!try_cmpxchg64(entry, &old, new))
		return true;
	set_result(svm, 0, false);
	return true;
}

/* Up to four bytes at RIP, first byte lowest; false if something comes first. */
static bool fetch(struct vcpu_svm *svm, u32 *code, bool *enter)
{
	const u64 rip = svm->vmcb->save.rip;
	unsigned int i;

	*code = 0;
	for (i = 0; i < 4; i++) {
		struct snpsim_walk walk;

		snpsim_guest_walk(svm, rip + i, PFERR_FETCH_MASK, &walk);
		if (walk.page_fault)
			break;
		if (walk.npf) {
			*enter = snpsim_npf_exit(svm, walk.gpa, walk.npf);
			return false;
		}
		*code |= (u32)*(u8 *)snpsim_window(PFN_PHYS(walk.pfn) +
						   offset_in_page(rip + i)) << 8 * i;
	}
	return true;
}

/* #UD: the emulated CPU knows neither PVALIDATE nor RMPADJUST. */
bool snpsim_invalid_opcode(struct vcpu_svm *svm)
{
	bool enter;
	u32 code;

	if (!fetch(svm, &code, &enter))
		return enter;
	if (code == 0xff010ff2)
		return do_pvalidate(svm);
	if (code == 0xfe010ff3)
		return do_rmpadjust(svm);
	inject(svm, UD_VECTOR, false, 0);
	return true;
}

/* The emulated CPU takes VMGEXIT for VMMCALL, whose F3 prefix it ignores. */
bool snpsim_vmmcall(struct vcpu_svm *svm)
{
	bool enter;
	u32 code;

	if (!fetch(svm, &code, &enter))
		return enter;
	if (code != 0xd9010ff3)
		return snpsim_reflect(svm, SVM_EXIT_VMMCALL);
	svm->vmcb->save.rip += 4;
	svm->vmcb->control.exit_code = SVM_EXIT_VMGEXIT;
	svm->vmcb->control.exit_info_1 = 0;
	svm->vmcb->control.exit_info_2 = 0;
	return false;
}
