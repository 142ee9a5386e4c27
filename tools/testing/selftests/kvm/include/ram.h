/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Guest RAM: a memslot together with what backs it and how the host sees it.
 *
 *	RAM_ANON	anonymous memory; one copy, host and guest share it
 *	RAM_SHARED	guest_memfd with MMAP | INIT_SHARED; one copy, hva is its mapping
 *	RAM_SPLIT	two backings chosen by attribute: private pages come from the
 *			guest_memfd, shared ones from hva
 *	RAM_SEALED	guest_memfd with MMAP alone; one copy, the guest's: hva is its mapping,
 *			and whoever touches that gets SIGBUS
 *	RAM_INPLACE	the same on a VM with private memory, and pages can be made shared: what
 *			they hold stays
 */
#ifndef RAM_H
#define RAM_H

#include "memslot.h"

enum ram_kind { RAM_ANON, RAM_SHARED, RAM_SPLIT, RAM_SEALED, RAM_INPLACE };

struct ram {
	struct vm *vm;
	enum ram_kind kind;
	struct memslot slot;	/* as it is, or as it was before ram_unplug() */
	uint8_t *hva;		/* host's view of the shared copy */
	uint64_t size;		/* bytes */
};

/* The kind in words, for reports. */
const char *ram_kind_name(enum ram_kind kind);

/* Is the host's view the mapping of the guest_memfd? Else it is memory of its own. */
static inline bool ram_kind_mapped(enum ram_kind kind)
{
	return kind == RAM_SHARED || kind == RAM_SEALED || kind == RAM_INPLACE;
}

/* The VM type on which a kind of RAM is tested; skips if there is none. */
const struct vm_type *ram_vm_type(enum ram_kind kind);

/* Flags of the guest_memfd that a kind of RAM has. */
uint64_t ram_gmem_flags(enum ram_kind kind);

/**
 * ram_create() - give the VM memory
 * @vm: the VM
 * @kind: see above; skips the sub-test if the kernel has no such backing
 * @gpa: where, bytes; from AGENT_TEST_GPA
 * @size: bytes
 *
 * RAM_SPLIT starts out private.
 */
struct ram *ram_create(struct vm *vm, enum ram_kind kind, uint64_t gpa, uint64_t size);

/*
 * The same on part of an existing guest_memfd, from @offset bytes on.  The file stays the
 * caller's.
 */
struct ram *ram_create_on(struct vm *vm, enum ram_kind kind, uint64_t gpa, uint64_t size,
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
