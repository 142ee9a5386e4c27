// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include "abi/x86/legacy.h"
#include "harness/verdict.h"
#include "scenario/x86/legacy_walker.h"

#define ERROR_PRESENT	1u
#define ERROR_WRITE	2u

/* An entry of 64 bits is not present while its halves are stored. */
void legacy_change(struct legacy_walker *k, uint64_t address, uint64_t value)
{
	const unsigned int who = k->w->race ? k->vcpu : prng_below(&k->prng, LEGACY_VCPUS);
	struct legacy_vcpu *v = &k->w->vcpu[who];

	snprintf(k->last, sizeof(k->last), "vCPU %u stored %#llx to the entry at %#llx", who,
		 (unsigned long long)value, (unsigned long long)address);
	if (k->w->tables.pae) {
		legacy_do(v, legacy_store, 0, address);
		legacy_do(v, legacy_store, value >> 32, address + 4);
	}
	legacy_do(v, legacy_store, value, address);
}

void legacy_forget(struct legacy_walker *k, uint32_t page, bool all)
{
	struct legacy_vcpu *v = &k->w->vcpu[k->vcpu];

	/* With PAE, the entries of a root are loaded with CR3 and kept until then. */
	if (all || k->tops != k->w->tops || !prng_below(&k->prng, 4))
		legacy_do(v, legacy_cr3, k->w->tables.root[k->root], 0);
	else
		legacy_do(v, legacy_invlpg, 0, LEGACY_BASE + 4096 * page);
	k->tops = k->w->tops;
}

static void fail(struct legacy_walker *k, enum verdict_class cls, uint32_t page, const char *what,
		 uint64_t found, uint64_t expected)
{
	verdict_fail(cls,
		     "vCPU %u, root %u, page %u, step %llu: %s %#llx, expected %#llx; before: %s",
		     k->vcpu, k->root, page, (unsigned long long)k->steps, what,
		     (unsigned long long)found, (unsigned long long)expected, k->last);
}

static void expect_fault(struct legacy_walker *k, uint32_t page, const struct legacy_result *r,
			 uint32_t error)
{
	const uint32_t address = LEGACY_BASE + 4096 * page;

	if (!r->fault)
		fail(k, error & ERROR_PRESENT ? VERDICT_PERMISSION : VERDICT_STALE_MAPPING, page,
		     "no page fault, but", r->value, error);
	if ((r->error & (ERROR_PRESENT | ERROR_WRITE)) != error)
		fail(k, VERDICT_ABI, page, "error code of the page fault", r->error, error);
	if (r->address != address)
		fail(k, VERDICT_ABI, page, "address of the page fault", r->address, address);
}

static void check_memory(struct legacy_walker *k, uint32_t page, const struct legacy_leaf *leaf,
			 const struct legacy_result *r, uint32_t token, bool write)
{
	const uint32_t found = __atomic_load_n((uint32_t *)memory_word(k->w->ram, leaf->gpa),
					       __ATOMIC_SEQ_CST);

	if (write && found != token)
		fail(k, VERDICT_STALE_MAPPING, page, "the vCPU wrote, and its frame holds", found,
		     token);
	if (!write && found != r->value)
		fail(k, VERDICT_STALE_MAPPING, page, "the vCPU read", r->value, found);
	if (!(leaf->entry & PTE_ACCESSED))
		fail(k, VERDICT_ABI, page, "the page was used, and its entry is", leaf->entry,
		     leaf->entry | PTE_ACCESSED);
	if (write && !(leaf->entry & PTE_DIRTY))
		fail(k, VERDICT_LOST_WRITE, page, "the page was written, and its entry is",
		     leaf->entry, leaf->entry | PTE_DIRTY);
}

void legacy_check(struct legacy_walker *k, uint32_t page)
{
	const bool write = prng_below(&k->prng, 2);
	const uint32_t token = 0x70000000u | k->vcpu << 24 | ((k->seq += write) & 0xffffff);
	const struct legacy_result r = legacy_do(&k->w->vcpu[k->vcpu],
						 write ? legacy_store : legacy_load, token,
						 LEGACY_BASE + 4096 * page);
	const struct legacy_leaf leaf = legacy_tables_walk(&k->w->tables, k->root, page);

	if (!leaf.present)
		expect_fault(k, page, &r, write ? ERROR_WRITE : 0);
	else if (write && !leaf.writable)
		expect_fault(k, page, &r, ERROR_PRESENT | ERROR_WRITE);
	else if (r.fault)
		fail(k, VERDICT_ABI, page, "a page fault with error code", r.error, 0);
	else if (leaf.gpa != LEGACY_HOLE)
		check_memory(k, page, &leaf, &r, token, write);
	else if (!write && r.value != LEGACY_ABSENT)
		fail(k, VERDICT_STALE_MAPPING, page, "a hole holds", r.value, LEGACY_ABSENT);
}
