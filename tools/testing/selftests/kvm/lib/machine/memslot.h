/* SPDX-License-Identifier: GPL-2.0-only */
/* Memslots: KVM_SET_USER_MEMORY_REGION2 (api.rst, 4.140). */
#ifndef MEMSLOT_H
#define MEMSLOT_H

#include "machine/vm.h"

struct memslot {
	uint32_t id;
	uint32_t flags;		/* KVM_MEM_* */
	uint64_t gpa;		/* bytes */
	uint64_t size;		/* bytes; 0 deletes the slot */
	void *hva;		/* host's view of the shared memory; may be NULL with guest_memfd */
	int gmem;		/* guest_memfd, if flags has KVM_MEM_GUEST_MEMFD */
	uint64_t gmem_offset;	/* bytes into the file */
};

/**
 * memslot_control() - the control memslot
 * @vm: the VM
 *
 * Return: the memslot as vm_create() makes it.
 */
struct memslot memslot_control(const struct vm *vm);

/**
 * __memslot_set() - create, move or change a memslot (KVM_SET_USER_MEMORY_REGION2)
 * @vm: the VM
 * @slot: as it is to be, size 0 deletes it
 *
 * Return: 0 or -errno: the tables of gmem_memslot_test.c and gmem_bind_test.c say which.
 */
int __memslot_set(struct vm *vm, const struct memslot *slot);

/**
 * memslot_set() - create, move or change a memslot, which has to succeed
 * @vm: the VM
 * @slot: as it is to be
 */
void memslot_set(struct vm *vm, const struct memslot *slot);

/**
 * __memslot_delete() - delete a memslot
 * @vm: the VM
 * @slot: whose id counts
 *
 * Return: 0 or -errno; -EINVAL if there is none (kvm_set_memory_region()).
 */
int __memslot_delete(struct vm *vm, const struct memslot *slot);

/**
 * memslot_delete() - delete a memslot that exists
 * @vm: the VM
 * @slot: whose id counts
 */
void memslot_delete(struct vm *vm, const struct memslot *slot);

#endif /* MEMSLOT_H */
