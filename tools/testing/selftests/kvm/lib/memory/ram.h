/* SPDX-License-Identifier: GPL-2.0-only */
/* Guest RAM: a memslot together with what backs it and how the host sees it. */
#ifndef RAM_H
#define RAM_H

#include "machine/memslot.h"
#include "plan/memory_kind.h"

struct ram {
	struct vm *vm;
	enum memory_kind kind;
	struct memslot slot;	/* as it is, or as it was before ram_unplug() */
	uint8_t *hva;		/* host's view of the shared copy */
	uint64_t size;		/* bytes */
};

/* The VM type on which a kind of RAM is tested; skips if there is none. */
const struct vm_type *ram_vm_type(enum memory_kind kind);

/* Flags of the guest_memfd that a kind of RAM has. */
uint64_t ram_gmem_flags(enum memory_kind kind);

/**
 * ram_create() - give the VM memory
 * @vm: the VM
 * @kind: see above; skips the sub-test if the kernel has no such backing
 * @gpa: where, bytes; from AGENT_TEST_GPA
 * @size: bytes
 *
 * MEMORY_SPLIT starts out private.
 */
struct ram *ram_create(struct vm *vm, enum memory_kind kind, uint64_t gpa, uint64_t size);

/*
 * The same on part of an existing guest_memfd, from @offset bytes on.  The file stays the
 * caller's.
 */
struct ram *ram_create_on(struct vm *vm, enum memory_kind kind, uint64_t gpa, uint64_t size,
			  int gmem, uint64_t offset);

/* Delete the memslot, keep the backing; and create it again on the same backing. */
void ram_unplug(struct ram *ram);
void ram_plug(struct ram *ram);

/* Take away the host's view of a guest_memfd; others have none. The file stays. */
void ram_unmap(struct ram *ram);

/* Close the guest_memfd and everything of the host that keeps it open. The slot stays. */
void ram_close(struct ram *ram);

/* A new guest_memfd for a slot that is unplugged and whose file is closed. */
void ram_reopen(struct ram *ram);

/* Delete the slot and give everything back. */
void ram_destroy(struct ram *ram);

/* The host's view of a guest address. */
static inline uint64_t *ram_word(const struct ram *ram, uint64_t gpa)
{
	return (uint64_t *)(ram->hva + (gpa - ram->slot.gpa));
}

#endif /* RAM_H */
