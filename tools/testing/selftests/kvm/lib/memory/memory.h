/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Guest memory: what backs it, how the host sees it, and the memslots that it is in.
 *
 *	pages	0        1        2        3        4        5
 *	gpa	| slots[0]        | slots[1]                 |		as the guest counts
 *	hva	|                 |                          |		one mapping after the other
 *	file	| slots[1]                 | slots[0]        |		permuted, if so wanted
 *
 * Pages are the host's, counted from 0.  What the host can do to them is in memory_operation.h.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include "abi/token.h"
#include "harness/page.h"
#include "machine/memslot.h"
#include "machine/vcpu.h"
#include "plan/plan.h"

struct memory {
	struct vm *vm;
	enum memory_kind kind;
	uint64_t gpa;		/* of page 0, bytes */
	uint64_t size;		/* bytes */
	uint32_t pages;
	uint8_t *hva;		/* host's view of page 0; of split memory the shared copy */
	int gmem;		/* guest_memfd; -1 if there is none, or it is closed */
	unsigned int count;	/* memslots */
	struct memslot slots[PLAN_MEMSLOTS_MAX];	/* as they are, or were before they went */
	struct vcpu *spare;	/* never run, for ioctls that would wait for KVM_RUN; may be NULL */
	unsigned int made[OPERATIONS];	/* times that a limited operation was carried out */
	uint8_t turn;		/* of operations that alternate */
	uint64_t busy;		/* times that a conversion in place found a page in use */
};

/* What memory_create_slots() makes. */
struct memory_config {
	enum memory_kind kind;
	uint64_t gpa;			/* of page 0, bytes; from AGENT_TEST_GPA on */
	uint32_t pages;
	const struct plan_memslot *layout;	/* of the memslots, in order, without gaps */
	unsigned int count;
	bool dirty_log;			/* memslots without a file log dirty pages */
};

/**
 * memory_kind_here() - what a kind is on the running kernel
 * @kind: the kind
 *
 * Return: of MEMORY_PRIVATE, MEMORY_INPLACE where the guest_memfd keeps attributes, else
 * MEMORY_SPLIT; of every other kind, that kind.  Functions that take a kind do it themselves.
 */
enum memory_kind memory_kind_here(enum memory_kind kind);

/**
 * memory_vm_type() - the VM type on which a kind of memory is tested
 * @kind: the kind
 *
 * Return: the type; skips the sub-test if the kernel offers none.
 */
const struct vm_type *memory_vm_type(enum memory_kind kind);

/**
 * memory_gmem_flags() - flags of the guest_memfd that a kind of memory has
 * @kind: the kind
 *
 * Return: GUEST_MEMFD_FLAG_* (api.rst, 4.142).
 */
uint64_t memory_gmem_flags(enum memory_kind kind);

/**
 * memory_create() - give a VM memory in one memslot
 * @vm: the VM
 * @kind: skips the sub-test, saying why, if the kernel has no such backing
 * @gpa: where, bytes; from AGENT_TEST_GPA on
 * @size: bytes
 *
 * What can be private starts out private.
 *
 * Return: the memory; memory_destroy() it.
 */
struct memory *memory_create(struct vm *vm, enum memory_kind kind, uint64_t gpa, uint64_t size);

/**
 * memory_create_on() - the same on part of a guest_memfd that exists
 * @vm: the VM
 * @kind: of memory
 * @gpa: where, bytes
 * @size: bytes
 * @gmem: the file, which becomes the memory's own
 * @offset: where the part begins in it, bytes
 *
 * Return: the memory.
 */
struct memory *memory_create_on(struct vm *vm, enum memory_kind kind, uint64_t gpa, uint64_t size,
				int gmem, uint64_t offset);

/**
 * memory_create_slots() - the same in several memslots on one file
 * @vm: the VM
 * @config: what
 *
 * Return: the memory.
 */
struct memory *memory_create_slots(struct vm *vm, const struct memory_config *config);

/**
 * memory_unplug() - delete all memslots and keep what backs them
 * @m: the memory
 */
void memory_unplug(struct memory *m);

/**
 * memory_plug() - create the memslots again, on the same backing
 * @m: the memory, unplugged
 */
void memory_plug(struct memory *m);

/**
 * memory_hide() - take the host's mapping of a guest_memfd away
 * @m: the memory; other kinds stay as they are, and so does the file
 */
void memory_hide(struct memory *m);

/**
 * memory_close() - close the guest_memfd and take the mapping away that keeps it open
 * @m: the memory; its memslots stay
 */
void memory_close(struct memory *m);

/**
 * memory_reopen() - give memory that is unplugged and closed a new guest_memfd
 * @m: the memory
 */
void memory_reopen(struct memory *m);

/**
 * memory_destroy() - delete the memslots and give everything back
 * @m: the memory; the VM is still there
 */
void memory_destroy(struct memory *m);

/**
 * memory_part() - the part of a range that lies in one memslot
 * @m: the memory
 * @slot: number of the memslot
 * @first: first page of the range; changed to that of the part
 * @pages: of the range; changed to those of the part, 0 if there is none
 *
 * Return: where the part lies in the file, bytes.
 */
uint64_t memory_part(const struct memory *m, unsigned int slot, uint32_t *first, uint32_t *pages);

/**
 * memory_slot_of() - the memslot that a page lies in
 * @m: the memory
 * @page: the page
 *
 * Return: number of the memslot.
 */
unsigned int memory_slot_of(const struct memory *m, uint32_t page);

/**
 * memory_at() - the host's view of a page
 * @m: the memory
 * @page: the page
 *
 * Return: its address, whether or not anything is mapped there.
 */
static inline uint8_t *memory_at(const struct memory *m, uint32_t page)
{
	return m->hva + page * page_size();
}

/**
 * memory_gpa() - the guest physical address of a page
 * @m: the memory
 * @page: the page
 *
 * Return: the address, bytes.
 */
static inline uint64_t memory_gpa(const struct memory *m, uint32_t page)
{
	return m->gpa + page * page_size();
}

/**
 * memory_word() - the host's view of a guest physical address
 * @m: the memory
 * @gpa: in the memory, a multiple of 8
 *
 * Return: its address.
 */
static inline uint64_t *memory_word(const struct memory *m, uint64_t gpa)
{
	return (uint64_t *)(m->hva + (gpa - m->gpa));
}

/**
 * memory_page_word() - the host's view of a word that tokens name
 * @m: the memory
 * @page: the page
 * @word: index of the word, see token_offset()
 *
 * Return: its address.
 */
static inline uint64_t *memory_page_word(const struct memory *m, uint32_t page, unsigned int word)
{
	return (uint64_t *)(memory_at(m, page) + token_offset(page_size(), word));
}

#endif /* MEMORY_H */
