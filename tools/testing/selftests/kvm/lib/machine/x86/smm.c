// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include "abi/x86/agent_arch.h"
#include "harness/verdict.h"
#include "machine/memslot.h"
#include "machine/x86/msr.h"
#include "machine/x86/smm.h"

/* Flat segments, accessed already (Intel SDM, volume 3, 3.4.5). */
#define CODE_64		0x00af9b000000ffffull
#define DATA_FLAT	0x00cf93000000ffffull

#define MSR_KERNEL_GS_BASE	0xc0000102u
#define STACK_SIZE		0x4000u

void smm_init(struct vm *vm)
{
	struct memslot slot = {
		.id = SMM_SPACE, .gpa = AGENT_CONTROL_GPA, .size = AGENT_CONTROL_SIZE,
		.hva = vm->control,
	};
	const uint64_t base = vm_control_alloc(vm, SMM_SIZE);

	if (!vm_cap(vm, KVM_CAP_X86_SMM))
		verdict_skip("no system management mode (KVM_CAP_X86_SMM is 0)");
	if (vm_cap(vm, KVM_CAP_MULTI_ADDRESS_SPACE) < 2)
		verdict_skip("VM type %s has one address space (KVM_CAP_MULTI_ADDRESS_SPACE)",
			     vm->type->name);
	memslot_set(vm, &slot);
	memcpy((uint8_t *)vm_control_ptr(vm, base) + SMM_ENTRY, smm_entry,
	       smm_entry_end - smm_entry);
	slot = (struct memslot){
		.id = SMM_SPACE | vm->next_slot++, .gpa = SMM_BASE, .size = SMM_SIZE,
		.hva = vm_control_ptr(vm, base),
	};
	memslot_set(vm, &slot);
}

void smm_enter(struct vcpu *vcpu, uint64_t mailbox)
{
	struct vm *vm = vcpu->vm;
	const uint64_t at = vm_control_alloc(vm, sizeof(struct smm_start));
	const uint64_t stack = vm_control_alloc(vm, STACK_SIZE);
	struct smm_start *start = vm_control_ptr(vm, at);

	*start = (struct smm_start){
		.gdt[AGENT_SELECTOR_CODE / 8] = CODE_64, .gdt[AGENT_SELECTOR_DATA / 8] = DATA_FLAT,
		.gdt_limit = sizeof(start->gdt) - 1, .gdt_base = at,
		.root = vm->root, .entry = AGENT_CONTROL_GPA,
		.stack = stack + STACK_SIZE, .mailbox = mailbox,
	};
	vcpu_msr_set(vcpu, MSR_KERNEL_GS_BASE, at);
	vcpu_ioctl(vcpu, KVM_SMI, NULL);
}
