// SPDX-License-Identifier: GPL-2.0-only
/*
 * Exits of the emulated CPU that an SNP guest's would not make, or not in this way: nested page
 * faults on what the TLB lacks, MSRs of the guest's own, and intercepts that hardware turns into
 * #VC (APM 2, 15.35.5 and table 15-35).
 */
#include "snpsim.h"

#define EXIT_RDTSCP		0x87ull

/* The guest is entered again as if it had not left: an event under way is delivered again. */
static bool again(struct vcpu_svm *svm)
{
	struct vmcb_control_area *control = &svm->vmcb->control;

	if (control->exit_int_info & SVM_EXITINTINFO_VALID) {
		control->event_inj = control->exit_int_info;
		control->event_inj_err = control->exit_int_info_err;
		control->exit_int_info = 0;
	}
	return true;
}

/**
 * snpsim_npf() - a translation that the TLB lacks
 * @svm: the vCPU, after the emulated CPU's #NPF
 *
 * Return: true to enter the guest again, false for KVM's eyes.
 */
bool snpsim_npf(struct vcpu_svm *svm)
{
	const u64 error = svm->vmcb->control.exit_info_1, gpa = svm->vmcb->control.exit_info_2;
	const u64 access = error & (PFERR_WRITE_MASK | PFERR_FETCH_MASK);
	const u64 phase = error & (PFERR_GUEST_FINAL_MASK | PFERR_GUEST_PAGE_MASK);
	const u64 encrypted = gpa & SNPSIM_C_MASK ? PFERR_GUEST_ENC_MASK : 0;
	u64 leaf, npf, flags, pfn;
	int level;
	u32 vc;

	leaf = snpsim_npt_walk(svm, gpa & ~SNPSIM_C_MASK, access, &level, &npf);
	if (npf & PFERR_RSVD_MASK)
		return snpsim_reflect(svm, SVM_EXIT_NPF);
	if (npf)
		return snpsim_npf_exit(svm, gpa, npf | phase | encrypted);
	pfn = PHYS_PFN(leaf & SNPSIM_ADDRESS);
	if (level > 1)
		pfn += PHYS_PFN(gpa) & (BIT_ULL(9 * (level - 1)) - 1);
	npf = snpsim_rmp_check(svm, pfn, gpa, &vc);
	if (npf)
		return snpsim_npf_exit(svm, gpa, npf | access | phase | PFERR_USER_MASK);
	if (vc)
		return snpsim_reflect(svm, vc);
	/* Written to later: then KVM's leaf is to be marked dirty. */
	flags = _PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED | _PAGE_DIRTY | (leaf & _PAGE_NX);
	if ((leaf & _PAGE_RW) && (leaf & _PAGE_DIRTY))
		flags |= _PAGE_RW;
	snpsim_tlb_fill(svm->sev_es.snpsim, gpa & PAGE_MASK, pfn, flags);
	return again(svm);
}

static bool msr(struct vcpu_svm *svm)
{
	struct vmcb_control_area *control = &svm->vmcb->control;
	struct kvm_sev_info *sev = to_kvm_sev_info(svm->vcpu.kvm);
	unsigned long *regs = svm->vcpu.arch.regs;
	const bool write = control->exit_info_1;
	u64 value;

	switch ((u32)regs[VCPU_REGS_RCX]) {
	case MSR_AMD64_SEV_ES_GHCB:
		value = control->ghcb_gpa;
		if (write)
			control->ghcb_gpa = (u32)svm->vmcb->save.rax |
					    (u64)(u32)regs[VCPU_REGS_RDX] << 32;
		break;
	case MSR_AMD64_SEV:
		if (write)
			return snpsim_reflect(svm, SVM_EXIT_MSR);
		value = MSR_AMD64_SEV_ENABLED | MSR_AMD64_SEV_ES_ENABLED |
			sev->vmsa_features << 2;
		break;
	default:
		return snpsim_reflect(svm, SVM_EXIT_MSR);
	}
	if (!write) {
		svm->vmcb->save.rax = (u32)value;
		regs[VCPU_REGS_RDX] = value >> 32;
	}
	svm->vmcb->save.rip += 2;
	return true;
}

/**
 * snpsim_guest_exit() - deal with an exit before KVM sees it
 * @svm: the vCPU
 *
 * Return: true to enter the guest again, false for KVM's eyes.
 */
bool snpsim_guest_exit(struct vcpu_svm *svm)
{
	struct vmcb_control_area *control = &svm->vmcb->control;

	switch (control->exit_code) {
	case SVM_EXIT_NPF:
		return snpsim_npf(svm);
	case SVM_EXIT_EXCP_BASE + UD_VECTOR:
		return snpsim_invalid_opcode(svm);
	case SVM_EXIT_VMMCALL:
		return snpsim_vmmcall(svm);
	case SVM_EXIT_MSR:
		return msr(svm);
	case SVM_EXIT_HLT:
		svm->vmcb->save.rip += 1;
		return false;
	case SVM_EXIT_PAUSE:
		svm->vmcb->save.rip += 2;
		return false;
	case SVM_EXIT_CPUID:
	case SVM_EXIT_IOIO:
	case SVM_EXIT_RDTSC:
	case EXIT_RDTSCP:
	case SVM_EXIT_RDPMC:
	case SVM_EXIT_INVD:
	case SVM_EXIT_WBINVD:
	case SVM_EXIT_MONITOR:
	case SVM_EXIT_MWAIT:
	case SVM_EXIT_READ_DR7:
	case SVM_EXIT_WRITE_DR7:
		return snpsim_reflect(svm, control->exit_code);
	default:
		return false;
	}
}
