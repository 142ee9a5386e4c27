// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include "harness/verdict.h"
#include "machine/memslot.h"

static int set(struct vm *vm, const struct memslot *slot)
{
	struct kvm_userspace_memory_region2 r = {
		.slot = slot->id,
		.flags = slot->flags,
		.guest_phys_addr = slot->gpa,
		.memory_size = slot->size,
		.userspace_addr = (uintptr_t)slot->hva,
		.guest_memfd = slot->flags & KVM_MEM_GUEST_MEMFD ? slot->gmem : 0,
		.guest_memfd_offset = slot->gmem_offset,
	};
	struct kvm_userspace_memory_region old = {
		.slot = slot->id,
		.flags = slot->flags,
		.guest_phys_addr = slot->gpa,
		.memory_size = slot->size,
		.userspace_addr = (uintptr_t)slot->hva,
	};

	/* Kernels before 6.8 have only the older call, and no guest_memfd either. */
	if (!(slot->flags & KVM_MEM_GUEST_MEMFD) && !kvm_cap(KVM_CAP_USER_MEMORY2))
		return __vm_ioctl(vm, KVM_SET_USER_MEMORY_REGION, &old);
	return __vm_ioctl(vm, KVM_SET_USER_MEMORY_REGION2, &r);
}

struct memslot memslot_control(const struct vm *vm)
{
	return (struct memslot){
		.id = VM_CONTROL_SLOT,
		.flags = vm->control_gmem >= 0 ? KVM_MEM_GUEST_MEMFD : 0,
		.gpa = AGENT_CONTROL_GPA,
		.size = AGENT_CONTROL_SIZE,
		.hva = vm->control,
		.gmem = vm->control_gmem,
	};
}

int __memslot_set(struct vm *vm, const struct memslot *slot)
{
	int r = set(vm, slot);

	if (!r)
		memslot_list_note(&vm->files, slot);
	return r;
}

void memslot_set(struct vm *vm, const struct memslot *slot)
{
	int r = __memslot_set(vm, slot);

	if (r)
		verdict_fail(VERDICT_ABI,
			     "memslot %u, flags %#x, gpa %#llx, %#llx bytes, file offset %#llx, VM type %s: %s, expected success",
			     slot->id, slot->flags, (unsigned long long)slot->gpa,
			     (unsigned long long)slot->size,
			     (unsigned long long)slot->gmem_offset, vm->type->name, strerror(-r));
}

int __memslot_delete(struct vm *vm, const struct memslot *slot)
{
	struct memslot gone = *slot;

	gone.size = 0;
	return __memslot_set(vm, &gone);
}

void memslot_delete(struct vm *vm, const struct memslot *slot)
{
	struct memslot gone = *slot;

	gone.size = 0;
	memslot_set(vm, &gone);
}
