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

/* Create, move or delete the slot; 0 or -errno, see the table in gmem_api_test.c. */
int __memslot_set(struct vm *vm, const struct memslot *slot);
void memslot_set(struct vm *vm, const struct memslot *slot);

/* Delete a slot that exists. */
int __memslot_delete(struct vm *vm, const struct memslot *slot);
void memslot_delete(struct vm *vm, const struct memslot *slot);

#endif /* MEMSLOT_H */
