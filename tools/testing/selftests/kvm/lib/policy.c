// SPDX-License-Identifier: GPL-2.0-only
#include "policy.h"
#include "verdict.h"

struct row {
	int type;
	bool in_place;
	bool to_private;
	enum policy_contents contents;
};

static const struct row rows[] = {
	/*
	 * Two backings, chosen by attribute: private faults take the guest_memfd, shared
	 * ones userspace_addr (arch/x86/kvm/mmu/mmu.c, __kvm_mmu_faultin_pfn()), and
	 * kvm_vm_set_mem_attributes() touches neither.
	 */
	{ KVM_X86_SW_PROTECTED_VM, false, true, POLICY_SEPARATE },
	{ KVM_X86_SW_PROTECTED_VM, false, false, POLICY_SEPARATE },
	/*
	 * KVM does not touch contents when attributes of a guest_memfd change, and there
	 * is no firmware to do it (posted series "guest_memfd in-place conversion", api.rst).
	 */
	{ KVM_X86_SW_PROTECTED_VM, true, true, POLICY_PRESERVED },
	{ KVM_X86_SW_PROTECTED_VM, true, false, POLICY_PRESERVED },
	/*
	 * A running guest has to accept a page before it may rely on it, and what it
	 * leaves behind is ciphertext or cleared (AMD APM 2, 15.36.6; Intel TDX module
	 * base specification, TDG.MEM.PAGE.ACCEPT). The other backing is not concerned.
	 */
	{ KVM_X86_SNP_VM, false, true, POLICY_UNDEFINED },
	{ KVM_X86_SNP_VM, false, false, POLICY_SEPARATE },
	{ KVM_X86_SNP_VM, true, true, POLICY_UNDEFINED },
	{ KVM_X86_SNP_VM, true, false, POLICY_UNDEFINED },
	{ KVM_X86_TDX_VM, false, true, POLICY_UNDEFINED },
	{ KVM_X86_TDX_VM, false, false, POLICY_SEPARATE },
	{ KVM_X86_TDX_VM, true, true, POLICY_UNDEFINED },
	{ KVM_X86_TDX_VM, true, false, POLICY_UNDEFINED },
};

enum policy_contents policy_contents(const struct vm_type *type, bool in_place, bool to_private)
{
	unsigned int i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].type == type->id && rows[i].in_place == in_place &&
		    rows[i].to_private == to_private)
			return rows[i].contents;
	verdict_fail(VERDICT_SETUP, "no policy for a conversion of VM type %s", type->name);
}
