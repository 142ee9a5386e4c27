/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vCPUs whose page tables change while they use them, and what their accesses have to find.
 *
 * Under shadow paging KVM sees the guest's stores to tables that it has write-protected.  The
 * host's stores it does not see, and INVLPG looks again at tables alone that are not
 * write-protected (__kvm_mmu_invalidate_addr() in mmu.c: sp->unsync).  So accesses after such a
 * store may go wherever the entry once led, and must do the kernel no harm; they are judged when
 * the guest has stored the same once more.
 */
#ifndef PAGING_H
#define PAGING_H

#include "harness/runner.h"
#include "machine/agent.h"
#include "machine/x86/guest_tables.h"
#include "memory/memory.h"

#define PAGING_FRAMES	1024u	/* of test memory: two large pages */
#define PAGING_HOLE	(AGENT_TEST_GPA + (1ull << 30))
#define PAGING_ROOTS	2u
#define PAGING_VCPUS	2u

enum paging_writer { BY_GUEST = 1, BY_OTHER = 2, BY_HOST = 4 };

/**
 * struct paging - what a sub-test does
 * @kind: of the memory in which the frames are
 * @writers: enum paging_writer, a sum: whose stores change the tables
 * @upper: the directory's entry and the root change, too
 * @recycle: KVM may keep as few page tables as it allows
 * @nested: the tables are those that L1 gives L2, not the guest's own
 * @no_nx: L1 has EFER.NX clear
 * @by_l1: the vCPUs are in L2, and what they change in their tables L1 flushes for them
 * @smm: the second vCPU is in system management mode, and does nothing but store what it is told
 * @race: both vCPUs at once, each with pages of its own, and the host as well
 */
struct paging {
	enum memory_kind kind;
	uint32_t writers;
	bool upper;
	bool recycle;
	bool nested;
	bool no_nx;
	bool by_l1;
	bool smm;
	bool race;
};

/**
 * struct paging_world - the VM
 * @how: the sub-test
 * @vm: with two vCPUs
 * @ram: the frames
 * @tables: one for each root
 * @agent: the vCPUs
 * @blind: shadow paging: KVM does not see what the host stores
 * @stop: walkers that run by themselves end
 */
struct paging_world {
	const struct paging *how;
	struct vm *vm;
	struct memory *ram;
	struct guest_tables tables[PAGING_ROOTS];
	struct agent *agent[PAGING_VCPUS];
	bool blind;
	uint32_t stop;
};

/**
 * struct paging_walker - one vCPU's part
 * @w: the world
 * @vcpu: which
 * @root: that it uses now
 * @prng: its own
 * @seq: of the last token that it wrote
 * @steps: that it has made
 * @violations: that L1 had counted before the access
 * @last: what was changed last, for people
 */
struct paging_walker {
	struct paging_world *w;
	unsigned int vcpu, root;
	struct prng prng;
	uint64_t seq, steps, violations;
	char last[160];
};

/**
 * paging_do() - a step of a vCPU's own, which has to succeed
 * @k: the walker
 * @vcpu: which one does it
 * @opcode: of x86/agent_arch.h
 * @arg: of the operation
 * @value: of the operation
 */
void paging_do(struct paging_walker *k, unsigned int vcpu, uint32_t opcode, uint64_t arg,
	       uint64_t value);

/**
 * paging_random_entry() - an entry for a page
 * @k: the walker; frames are its vCPU's alone, so that what is in them is known
 *
 * Return: a frame, read-only or not; a hole; or nothing.
 */
uint64_t paging_random_entry(struct paging_walker *k);

/**
 * paging_random_upper() - an entry for a directory
 * @k: the walker
 *
 * Return: one of its root's tables, read-only or not; a large page; or nothing.
 */
uint64_t paging_random_upper(struct paging_walker *k);

/**
 * paging_change() - store an entry that a page is mapped by, by whoever may
 * @k: the walker
 * @page: one that the entry maps
 * @address: control address of the entry
 * @value: of the entry
 */
void paging_change(struct paging_walker *k, uint32_t page, uint64_t address, uint64_t value);

/**
 * paging_forget() - the architecture's own invalidation, after which accesses find what tables say
 * @k: the walker; its root is the one that is used from now on
 * @page: that was changed
 * @all: and others with it, or the root
 */
void paging_forget(struct paging_walker *k, uint32_t page, bool all);

/**
 * paging_touch() - use a page, wherever that goes
 * @k: the walker
 * @page: the page
 * @opcode: AGENT_OP_LOAD, or AGENT_OP_STORE of what a frame holds
 */
void paging_touch(struct paging_walker *k, uint32_t page, uint32_t opcode);

/**
 * paging_check() - use a page, and fail unless that went where the tables say
 * @k: the walker, whose vCPU has forgotten what the page was mapped to
 * @page: the page
 * @write: or read
 */
void paging_check(struct paging_walker *k, uint32_t page, bool write);

#endif /* PAGING_H */
