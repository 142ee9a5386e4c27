// SPDX-License-Identifier: GPL-2.0-only
/* arm64: types of VM, the guest's page tables, the exits that the agent relies on. */
#include <unistd.h>
#include "abi/arm64/agent_arch.h"
#include "machine/arm64/kvm_uapi_arm64.h"
#include "machine/machine_arch.h"
#include "machine/page_table.h"

/* Stage 1 descriptors, 4K granule (Arm ARM D8.3). */
#define PTE_VALID	(1ull << 0)
#define PTE_TABLE	(1ull << 1)
#define PTE_DEVICE	(1ull << 2)	/* index 1 of MAIR_EL1, see vcpu_arm64.c */
#define PTE_INNER	(3ull << 8)	/* inner shareable, as the host's memory is */
#define PTE_ACCESSED	(1ull << 10)
#define PTE_PXN		(1ull << 53)
#define PTE_UXN		(1ull << 54)

#define TABLE_FLAGS	(PTE_VALID | PTE_TABLE)
#define LEAF_FLAGS	(PTE_VALID | PTE_INNER | PTE_ACCESSED | PTE_UXN)
#define DEVICE_FLAGS	(PTE_VALID | PTE_DEVICE | PTE_ACCESSED | PTE_UXN | PTE_PXN)
#define LEAF_SIZE	(2ull << 20)

#define IPA_BITS_DEFAULT 40		/* of type 0, api.rst, 4.2 */

const struct vm_type vm_types[] = {
	{ "default", 0, false, true },
	/* The agent would have to share its mailbox with the host first. */
	{ "protected", KVM_VM_TYPE_ARM_PROTECTED, false, false },
	{ 0 }
};

const struct vm_type *const vm_default = &vm_types[0];

/* There is no capability for it: a VM is made. */
bool arch_vm_type_runs(const struct vm_type *type)
{
	(void)type;
	return true;
}

bool arch_vm_type_offered(const struct vm_type *type)
{
	int fd = __kvm_ioctl(kvm_dev(), KVM_CREATE_VM, (void *)arch_vm_type(type));

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Hosts with less than the default have to be asked for what they have. */
unsigned long arch_vm_type(const struct vm_type *type)
{
	int bits = kvm_cap(KVM_CAP_ARM_VM_IPA_SIZE);

	return type->id | (bits && bits < IPA_BITS_DEFAULT ? bits : 0);
}

/* KVM_EXIT_ARM_NISV instead of -ENOSYS where the CPU does not say what an access was. */
static void enable_nisv(struct vm *vm)
{
	struct kvm_enable_cap cap = { .cap = KVM_CAP_ARM_NISV_TO_USER };

	if (vm_cap(vm, KVM_CAP_ARM_NISV_TO_USER))
		vm_ioctl(vm, KVM_ENABLE_CAP, &cap);
}

/* Without it the guest gets SMCCC_RET_NOT_SUPPORTED, which AGENT_OP_CONVERT reports. */
static void forward_convert(struct vm *vm)
{
	struct kvm_smccc_filter filter = {
		.base = AGENT_SMCCC_CONVERT,
		.nr_functions = 1,
		.action = KVM_SMCCC_FILTER_FWD_TO_USER,
	};
	struct kvm_device_attr attr = {
		.group = KVM_ARM_VM_SMCCC_CTRL,
		.attr = KVM_ARM_VM_SMCCC_FILTER,
		.addr = (uintptr_t)&filter,
	};

	if (!__vm_ioctl(vm, KVM_HAS_DEVICE_ATTR, &attr))
		vm_ioctl(vm, KVM_SET_DEVICE_ATTR, &attr);
}

void arch_vm_init(struct vm *vm)
{
	page_table_init(vm, TABLE_FLAGS, LEAF_FLAGS);
	page_table_map(vm, AGENT_DOORBELL_GPA, AGENT_DOORBELL_GPA,
		       AGENT_DOORBELL_GPA + LEAF_SIZE, TABLE_FLAGS, DEVICE_FLAGS);
	enable_nisv(vm);
	forward_convert(vm);
}
