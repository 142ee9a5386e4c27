// SPDX-License-Identifier: GPL-2.0-only
/* x86: types of VM, the guest's page tables, the hypercall exit. */
#include "machine_arch.h"
#include "x86/page_table.h"
#include "verdict.h"

const struct vm_type vm_types[] = {
	{ "default", KVM_X86_DEFAULT_VM, false, true },
	{ "sw-protected", KVM_X86_SW_PROTECTED_VM, true, true },
	/* Room for the types whose launch the library does not know yet. */
	{ "snp", KVM_X86_SNP_VM, true, false },
	{ "tdx", KVM_X86_TDX_VM, true, false },
	{ 0 }
};

const struct vm_type *const vm_default = &vm_types[0];
const struct vm_type *const vm_sw_protected = &vm_types[1];

void arch_vm_init(struct vm *vm)
{
	struct kvm_enable_cap cap = {
		.cap = KVM_CAP_EXIT_HYPERCALL,
		.args[0] = 1 << KVM_HC_MAP_GPA_RANGE,
	};

	page_table_init(vm);
	/* Without it the guest gets -KVM_ENOSYS, which AGENT_OP_CONVERT reports. */
	if (vm_cap(vm, KVM_CAP_EXIT_HYPERCALL) & 1 << KVM_HC_MAP_GPA_RANGE)
		vm_ioctl(vm, KVM_ENABLE_CAP, &cap);
}
