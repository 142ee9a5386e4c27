// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include "abi/x86/agent_arch.h"
#include "harness/text_file.h"
#include "harness/vendor.h"
#include "harness/verdict.h"
#include "machine/x86/level.h"
#include "machine/x86/nested.h"

#define PAGE_4K		4096u
#define SHIFT_1G	30
#define LEAF_2M		(2ull << 20)
#define ENTRIES		512u

/* Present, writable, user, as all walks of nested page tables are; accessed, dirty, large. */
#define TO_TABLE	0x27ull
#define TO_LEAF		0xe7ull

#define PARAMETERS	"/sys/module/kvm_amd/parameters/"

/* A directory of 2 MiB leaves for the 1 GiB around @gpa. */
static void map_1g(struct vm *vm, uint64_t *pointers, uint64_t gpa)
{
	const uint64_t base = gpa >> SHIFT_1G << SHIFT_1G, table = vm_table_alloc(vm);
	uint64_t *entries = vm_control_ptr(vm, table), i;

	for (i = 0; i < ENTRIES; i++)
		entries[i] = (base + LEAF_2M * i) | TO_LEAF;
	pointers[gpa >> SHIFT_1G] = table | TO_TABLE;
}

uint64_t nested_root(struct vm *vm)
{
	uint64_t pointers, gpa;

	if (vm->nested_root)
		return vm->nested_root;
	vm->nested_root = vm_table_alloc(vm);
	pointers = vm_table_alloc(vm);
	*(uint64_t *)vm_control_ptr(vm, vm->nested_root) = pointers | TO_TABLE;
	map_1g(vm, vm_control_ptr(vm, pointers), AGENT_CONTROL_GPA);
	for (gpa = AGENT_TEST_GPA; gpa < AGENT_TEST_GPA_END; gpa += 1ull << SHIFT_1G)
		map_1g(vm, vm_control_ptr(vm, pointers), gpa);
	return vm->nested_root;
}

const struct agent_l1 *nested_l1(const struct vcpu *vcpu)
{
	const struct agent_mailbox *mb = vm_control_ptr(vcpu->vm, vcpu->mailbox);

	return mb->l1 ? vm_control_ptr(vcpu->vm, mb->l1) : NULL;
}

/* Is a parameter of kvm_amd on?  It is not if the module is not loaded. */
static bool parameter(const char *path)
{
	char text[8];

	return text_file_read(path, text, sizeof(text)) && (*text == 'Y' || *text == '1');
}

void nested_prepare(struct vcpu *vcpu, uint64_t mailbox)
{
	struct agent_mailbox *mb = vm_control_ptr(vcpu->vm, mailbox);
	struct vm *vm = vcpu->vm;
	const bool npt = vm->level == VM_LEVEL_2_NESTED_PAGING;
	struct agent_l1 *l1;

	if (vm->type->guest != VM_GUEST_PLAIN)
		verdict_skip("VM type %s has no guests that are hypervisors", vm->type->name);
	if (!strcmp(kvm_vendor(), "kvm_intel"))
		verdict_skip("the agent is a hypervisor by SVM alone, not by VMX (kvm_intel)");
	if (!parameter(PARAMETERS "nested"))
		verdict_skip("no guests that are hypervisors (kvm_amd.nested is not Y)");
	if (npt && !parameter(PARAMETERS "npt"))
		verdict_skip("no nested paging for guests (kvm_amd.npt is not Y)");
	if (vm_level() == VM_LEVEL_2_NESTED_PAGING && vm->type->private_memory)
		verdict_skip("L1's nested paging and private memory: docs/findings.md, 16");
	mb->l1 = vm_control_alloc(vm, sizeof(*l1));
	l1 = vm_control_ptr(vm, mb->l1);
	l1->vmcb = vm->vmcb ? vm->vmcb : vm_control_alloc(vm, PAGE_4K);
	l1->stack = vm_control_alloc(vm, PAGE_4K) + PAGE_4K;
	l1->save = vm_control_alloc(vm, PAGE_4K);
	l1->nested_root = npt ? nested_root(vm) : 0;
}
