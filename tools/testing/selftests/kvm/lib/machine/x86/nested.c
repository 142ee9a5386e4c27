// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include "abi/x86/agent_arch.h"
#include "abi/x86/vmcs.h"
#include "harness/text_file.h"
#include "harness/vendor.h"
#include "harness/verdict.h"
#include "machine/x86/level.h"
#include "machine/x86/nested.h"

#define PAGE_4K		4096u
#define SHIFT_1G	30
#define LEAF_2M		(2ull << 20)
#define ENTRIES		512u

#define PARAMETERS	"/sys/module/%s/parameters/%s"

/* Every walk of nested page tables is a user's (APM volume 2, 15.25.5). */
static const struct table_format npt = {
	.table = PTE_PRESENT | PTE_WRITE | PTE_USER | PTE_ACCESSED,
	.page = PTE_PRESENT | PTE_USER, .accessed = PTE_ACCESSED, .dirty = PTE_DIRTY,
};

/* Write and large are where NPT has them. */
static const struct table_format ept = {
	.table = EPT_READ | EPT_WRITE | EPT_EXECUTE,
	.page = EPT_READ | EPT_EXECUTE | EPT_WRITE_BACK,
	.accessed = EPT_ACCESSED, .dirty = EPT_DIRTY,
};

bool nested_vmx(void)
{
	return !strcmp(kvm_vendor(), "kvm_intel");
}

const struct table_format *nested_format(void)
{
	return nested_vmx() ? &ept : &npt;
}

/* A directory of 2 MiB leaves for the 1 GiB around @gpa. */
static void map_1g(struct vm *vm, uint64_t *pointers, uint64_t gpa)
{
	const uint64_t base = gpa >> SHIFT_1G << SHIFT_1G, table = vm_table_alloc(vm);
	const struct table_format *f = nested_format();
	uint64_t *entries = vm_control_ptr(vm, table), i;

	for (i = 0; i < ENTRIES; i++)
		entries[i] = (base + LEAF_2M * i) | f->page | PTE_WRITE | PTE_LARGE | f->accessed |
			     f->dirty;
	pointers[gpa >> SHIFT_1G] = table | f->table;
}

uint64_t nested_root(struct vm *vm)
{
	uint64_t pointers, gpa;

	if (vm->nested_root)
		return vm->nested_root;
	vm->nested_root = vm_table_alloc(vm);
	pointers = vm_table_alloc(vm);
	*(uint64_t *)vm_control_ptr(vm, vm->nested_root) = pointers | nested_format()->table;
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

/* Is a parameter of KVM's module on?  It is not if the module is not loaded. */
static bool parameter(const char *name)
{
	char path[96], text[8];

	snprintf(path, sizeof(path), PARAMETERS, kvm_vendor(), name);
	return text_file_read(path, text, sizeof(text)) && (*text == 'Y' || *text == '1');
}

void nested_prepare(struct vcpu *vcpu, uint64_t mailbox)
{
	struct agent_mailbox *mb = vm_control_ptr(vcpu->vm, mailbox);
	struct vm *vm = vcpu->vm;
	const bool paging = vm->level == VM_LEVEL_2_NESTED_PAGING;
	const char *const name = nested_vmx() ? "ept" : "npt";
	struct agent_l1 *l1;

	if (vm->type->guest != VM_GUEST_PLAIN)
		verdict_skip("VM type %s has no guests that are hypervisors", vm->type->name);
	if (!parameter("nested"))
		verdict_skip("no guests that are hypervisors (%s.nested is not Y)", kvm_vendor());
	if (paging && !parameter(name))
		verdict_skip("no nested paging for guests (%s.%s is not Y)", kvm_vendor(), name);
	if (vm_level() == VM_LEVEL_2_NESTED_PAGING && vm->type->private_memory)
		verdict_skip("L1's nested paging and private memory: docs/findings.md, 16");
	mb->l1 = vm_control_alloc(vm, sizeof(*l1));
	l1 = vm_control_ptr(vm, mb->l1);
	l1->vmx = nested_vmx();
	l1->control = vm->vmcb ? vm->vmcb : vm_control_alloc(vm, PAGE_4K);
	l1->bitmap = vm->msr_bitmap || !l1->vmx ? vm->msr_bitmap : vm_control_alloc(vm, PAGE_4K);
	l1->stack = vm_control_alloc(vm, PAGE_4K) + PAGE_4K;
	l1->save = vm_control_alloc(vm, PAGE_4K);
	l1->no_nx = vm->no_nx;
	l1->nested_root = paging ? nested_root(vm) : 0;
}
