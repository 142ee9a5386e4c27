/* SPDX-License-Identifier: GPL-2.0-only */
/* vCPUs in 32-bit protected mode whose page tables change, and what accesses have to find. */
#ifndef LEGACY_WALKER_H
#define LEGACY_WALKER_H

#include "abi/prng.h"
#include "memory/memory.h"
#include "scenario/x86/legacy_vcpu.h"

#define LEGACY_VCPUS	2u
#define LEGACY_HOLE	0xe0000000ull	/* guest physical, no memory there */

/**
 * struct legacy_world - the VM
 * @vm: the VM
 * @ram: the frames that pages are mapped to
 * @tables: of both vCPUs
 * @vcpu: the vCPUs
 * @race: each changes entries of its own pages alone
 * @stop: walkers that run by themselves end
 * @tops: times that an entry of a root was changed
 */
struct legacy_world {
	struct vm *vm;
	struct memory *ram;
	struct legacy_tables tables;
	struct legacy_vcpu vcpu[LEGACY_VCPUS];
	bool race;
	uint32_t stop;
	uint64_t tops;
};

/**
 * struct legacy_walker - one vCPU's part
 * @w: the world
 * @vcpu: which
 * @root: that it uses now
 * @prng: its own
 * @tops: the world's, when CR3 was loaded last
 * @seq: of the last value that it wrote
 * @steps: that it has made
 * @last: what was changed last, for people
 */
struct legacy_walker {
	struct legacy_world *w;
	unsigned int vcpu, root;
	struct prng prng;
	uint64_t tops, seq, steps;
	char last[120];
};

/**
 * legacy_change() - a vCPU stores an entry; any, unless they race
 * @k: the walker
 * @address: control address of the entry
 * @value: of the entry
 */
void legacy_change(struct legacy_walker *k, uint64_t address, uint64_t value);

/**
 * legacy_forget() - INVLPG, or CR3 is loaded: then accesses find what the tables say
 * @k: the walker; its root is the one that is used from now on
 * @page: that was changed
 * @all: and others with it, or the root: CR3
 */
void legacy_forget(struct legacy_walker *k, uint32_t page, bool all);

/**
 * legacy_check() - use a page, and fail unless that went where the tables say
 * @k: the walker, whose vCPU has forgotten what the page was mapped to
 * @page: the page
 */
void legacy_check(struct legacy_walker *k, uint32_t page);

#endif /* LEGACY_WALKER_H */
