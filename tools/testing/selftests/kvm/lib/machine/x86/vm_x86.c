// SPDX-License-Identifier: GPL-2.0-only
/* x86: types of VM, the guest's page tables, the hypercall exit. */
#include <string.h>
#include "harness/verdict.h"
#include "machine/machine_arch.h"
#include "machine/page_table.h"
#include "machine/x86/kvm_uapi_x86.h"
#include "machine/x86/level.h"
#include "machine/x86/policy_x86.h"
#include "machine/x86/shadow_paging.h"
#include "machine/x86/smm.h"
#include "machine/x86/snp.h"
#include "machine/x86/tdx.h"

/* Page table entries: Intel SDM, volume 3, 4.5; AMD APM, volume 2, 5.3. */
#define PTE_PRESENT	(1ull << 0)
#define PTE_WRITABLE	(1ull << 1)
#define PTE_ACCESSED	(1ull << 5)
#define PTE_DIRTY	(1ull << 6)
#define PTE_LARGE	(1ull << 7)

#define TABLE_FLAGS	(PTE_PRESENT | PTE_WRITABLE | PTE_ACCESSED)
#define LEAF_FLAGS	(TABLE_FLAGS | PTE_DIRTY | PTE_LARGE)

const struct vm_type vm_types[] = {
	{ "default", KVM_X86_DEFAULT_VM, false, true },
	{ "sw-protected", KVM_X86_SW_PROTECTED_VM, true, true, &policy_sw_protected },
	/* The machine is one or the other, and nobody is to take the second for the first. */
	{ "snp", KVM_X86_SNP_VM, true, true, &policy_confidential, .encrypted = true,
	  .guest = VM_GUEST_SNP },
	{ "snp-modelled", KVM_X86_SNP_VM, true, true, &policy_confidential, .encrypted = true,
	  .guest = VM_GUEST_SNP },
	{ "tdx", KVM_X86_TDX_VM, true, true, &policy_confidential, .encrypted = true,
	  .guest = VM_GUEST_TDX },
	/* No TDX at all: a test of the agent.  Never chosen unless it is named. */
	{ "tdx-played", KVM_X86_SW_PROTECTED_VM, true, true, &policy_confidential,
	  .guest = VM_GUEST_TDX_PLAYED },
	{ 0 }
};

const struct vm_type *const vm_default = &vm_types[0];

/* Before KVM_CAP_VM_TYPES existed there was only the default type (api.rst, 4.2). */
bool arch_vm_type_runs(const struct vm_type *type)
{
	return type->guest != VM_GUEST_SNP || !tdp_mmu_off();
}

bool arch_vm_type_offered(const struct vm_type *type)
{
	if (!(kvm_cap(KVM_CAP_VM_TYPES) & 1 << type->id))
		return false;
	return type->id != KVM_X86_SNP_VM || snp_modelled() == !strcmp(type->name, "snp-modelled");
}

unsigned long arch_vm_type(const struct vm_type *type)
{
	return type->id;
}

void arch_vm_init(struct vm *vm)
{
	struct kvm_enable_cap cap = {
		.cap = KVM_CAP_EXIT_HYPERCALL,
		.args[0] = 1 << KVM_HC_MAP_GPA_RANGE,
	};

	struct kvm_enable_cap emulation = {
		.cap = KVM_CAP_EXIT_ON_EMULATION_FAILURE, .args[0] = 1,
	};

	vm->level = vm_level();
	if (vm->level == VM_LEVEL_SMM) {
		smm_init(vm);
		vm->next_slot |= SMM_SPACE;
	}
	/* Where L2 runs KVM would raise #UD instead. */
	if (vm->level != VM_LEVEL_1 && vm_cap(vm, KVM_CAP_EXIT_ON_EMULATION_FAILURE))
		vm_ioctl(vm, KVM_ENABLE_CAP, &emulation);
	if (vm->type->guest == VM_GUEST_SNP)
		snp_init(vm);
	else if (vm->type->guest != VM_GUEST_PLAIN)
		tdx_init(vm);
	page_table_init(vm, TABLE_FLAGS, LEAF_FLAGS);
	if (vm->reset) {
		page_table_map(vm, TDX_RESET_LEAF, TDX_RESET_LEAF, TDX_RESET_GPA + 4096,
			       TABLE_FLAGS, LEAF_FLAGS);
		tdx_reset_fill(vm->reset, vm->root, AGENT_CONTROL_GPA);
	}
	/* Without it the guest gets -KVM_ENOSYS, which AGENT_OP_CONVERT reports. */
	if (vm_cap(vm, KVM_CAP_EXIT_HYPERCALL) & 1 << KVM_HC_MAP_GPA_RANGE)
		vm_ioctl(vm, KVM_ENABLE_CAP, &cap);
}
