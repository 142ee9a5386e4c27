// SPDX-License-Identifier: GPL-2.0-only
/*
 * VMRUN of a guest with encrypted state: registers come from the VMSA and go back there, and KVM
 * is left with none of them.
 */
#include "snpsim.h"

#define VMEXIT_BUSY	(-2ull)

int snpsim_vcpu_create(struct kvm_vcpu *vcpu)
{
	int r = sev_vcpu_create(vcpu);

	if (r || !is_sev_snp_guest(vcpu))
		return r;
	r = snpsim_tlb_create(to_svm(vcpu));
	if (r)
		sev_free_vcpu(vcpu);
	return r;
}

void snpsim_free_vcpu(struct kvm_vcpu *vcpu)
{
	sev_free_vcpu(vcpu);
	snpsim_tlb_free(to_svm(vcpu));
}

#define GPRS(do)							\
	do(RCX, rcx) do(RDX, rdx) do(RBX, rbx) do(RBP, rbp) do(RSI, rsi) do(RDI, rdi) \
	do(R8, r8) do(R9, r9) do(R10, r10) do(R11, r11) do(R12, r12) do(R13, r13) \
	do(R14, r14) do(R15, r15)

static void load(struct vcpu_svm *svm, const struct sev_es_save_area *vmsa)
{
	struct vmcb_save_area *save = &svm->vmcb->save;

	/* Both layouts are the same but for what only one of them has. */
	BUILD_BUG_ON(offsetof(struct vmcb_save_area, dbgctl) !=
		     offsetof(struct sev_es_save_area, dbgctl));
	memcpy(save, vmsa, offsetof(struct vmcb_save_area, dbgctl));
	memset(save->reserved_0xa0, 0, sizeof(save->reserved_0xa0));
	memset(save->reserved_0xd8, 0, sizeof(save->reserved_0xd8));
	memset(save->reserved_0x180, 0, sizeof(save->reserved_0x180));
#define LOAD(upper, lower) svm->vcpu.arch.regs[VCPU_REGS_##upper] = vmsa->lower;
	GPRS(LOAD)
#undef LOAD
}

#define FIELDS(do)							\
	do(es) do(cs) do(ss) do(ds) do(fs) do(gs) do(gdtr) do(ldtr) do(idtr) do(tr) do(cpl) \
	do(efer) do(cr4) do(cr3) do(cr0) do(dr7) do(dr6) do(rflags) do(rip) do(rsp) do(rax) \
	do(star) do(lstar) do(cstar) do(sfmask) do(kernel_gs_base) do(sysenter_cs) \
	do(sysenter_esp) do(sysenter_eip) do(cr2) do(g_pat)

static void store(struct vcpu_svm *svm, struct sev_es_save_area *vmsa)
{
	struct vmcb_save_area *save = &svm->vmcb->save;

#define STORE(field) vmsa->field = save->field;
	FIELDS(STORE)
#undef STORE
#define STORE(upper, lower) vmsa->lower = svm->vcpu.arch.regs[VCPU_REGS_##upper];
	GPRS(STORE)
#undef STORE
	/* Whoever looks finds that the guest's registers are not his. */
	memset(svm->vcpu.arch.regs, 0xa5, sizeof(svm->vcpu.arch.regs));
	svm->vmcb->save.rax = svm->vmcb->save.rip = svm->vmcb->save.rsp = 0xa5a5a5a5a5a5a5a5ull;
	svm->vmcb->save.cr3 = 0;
}

/* The VMSA, marked as in use; NULL if VMRUN fails, with the exit code that it has then. */
static struct sev_es_save_area *take_vmsa(struct vcpu_svm *svm, u64 **entry)
{
	struct vmcb_control_area *control = &svm->vmcb->control;
	const u64 needed = RMP_ASSIGNED | RMP_VALIDATED | RMP_VMSA;
	struct sev_es_save_area *vmsa;
	u64 old;

	control->exit_code = SVM_EXIT_ERR;
	*entry = snpsim_rmp_entry(PHYS_PFN(control->vmsa_pa));
	if (!*entry)
		return NULL;
	old = READ_ONCE(**entry);
	do {
		if ((old & needed) != needed || FIELD_GET(RMP_ASID, old) != control->asid)
			return NULL;
		if (old & RMP_BUSY) {
			control->exit_code = VMEXIT_BUSY;
			return NULL;
		}
	} while (!try_cmpxchg64(*entry, &old, old | RMP_BUSY));
	vmsa = snpsim_window(control->vmsa_pa);
	if ((vmsa->efer & EFER_SVME) && vmsa->sev_features ==
	    to_kvm_sev_info(svm->vcpu.kvm)->vmsa_features)
		return vmsa;
	clear_bit(ilog2(RMP_BUSY), (unsigned long *)*entry);
	return NULL;
}

/* One entry of the emulated CPU, on the TLB's page tables. */
static void enter(struct vcpu_svm *svm, unsigned int flags)
{
	struct vmcb_control_area *control = &svm->vmcb->control;
	struct snpsim_vcpu *v = svm->sev_es.snpsim;
	const u64 nested_cr3 = control->nested_cr3, changed = snpsim_rmp_generation();

	if (v->generation != changed) {
		snpsim_tlb_flush(v);
		v->generation = changed;
	}
	control->nested_cr3 = __pa(v->table[0]);
	vmcb_set_intercept(control, INTERCEPT_EXCEPTION_OFFSET + UD_VECTOR);
	__svm_vcpu_run(svm, flags);
	vmcb_clr_intercept(control, INTERCEPT_EXCEPTION_OFFSET + UD_VECTOR);
	control->nested_cr3 = nested_cr3;
}

noinstr void snpsim_vcpu_run(struct vcpu_svm *svm, unsigned int flags,
			     struct sev_es_save_area *hostsa)
{
	struct vmcb_control_area *control = &svm->vmcb->control;
	struct sev_es_save_area *vmsa;
	u64 *entry;

	instrumentation_begin();
	vmsa = take_vmsa(svm, &entry);
	if (vmsa) {
		load(svm, vmsa);
		if (control->tlb_ctl)
			snpsim_tlb_flush(svm->sev_es.snpsim);
		do {
			enter(svm, flags);
		} while (snpsim_guest_exit(svm));
		control->int_state &= ~(u32)SVM_GUEST_INTERRUPT_MASK;
		if (svm->vmcb->save.rflags & X86_EFLAGS_IF)
			control->int_state |= SVM_GUEST_INTERRUPT_MASK;
		store(svm, vmsa);
		clear_bit(ilog2(RMP_BUSY), (unsigned long *)entry);
	}
	instrumentation_end();
}
