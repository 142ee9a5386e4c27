// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include "abi/x86/agent_arch.h"
#include "machine/x86/nested.h"
#include "scenario/x86/paging.h"

#define VECTOR_GP	13u
#define VECTOR_PF	14u
#define ERROR_PRESENT	1u
#define ERROR_WRITE	2u

/* A frame of its own for each vCPU, so that what is in it is known; or none; or a hole. */
uint64_t paging_random_entry(struct paging_walker *k)
{
	const uint32_t turn = prng_below(&k->prng, PAGING_FRAMES / PAGING_VCPUS);
	const uint32_t frame = turn * PAGING_VCPUS + k->vcpu;
	const uint64_t gpa = AGENT_TEST_GPA + 4096ull * frame;
	const struct table_format *f = k->w->tables[0].format;

	switch (prng_below(&k->prng, 8)) {
	case 0:
		return 0;
	case 1:
		return PAGING_HOLE | f->page | PTE_WRITE | f->accessed | f->dirty;
	case 2:
	case 3:
		return gpa | f->page;
	default:
		return gpa | f->page | PTE_WRITE;
	}
}

/* A table, read-only for one in four; sometimes a large page, or nothing. */
uint64_t paging_random_upper(struct paging_walker *k)
{
	const uint64_t half = AGENT_TEST_GPA + (2ull << 20) * prng_below(&k->prng, 2);
	const struct table_format *f = k->w->tables[0].format;
	const uint64_t write = prng_below(&k->prng, 4) ? PTE_WRITE : 0;

	switch (prng_below(&k->prng, 8)) {
	case 0:
		return 0;
	case 1:
		return half | f->page | write | PTE_LARGE;
	default:
		return k->w->tables[k->root].table[prng_below(&k->prng, 2)] |
		       (f->table & ~(PTE_WRITE | f->accessed)) | write;
	}
}

void paging_do(struct paging_walker *k, unsigned int vcpu, uint32_t opcode, uint64_t arg,
		    uint64_t value)
{
	const struct agent_op op = { .opcode = opcode, .arg = arg, .value = value };

	agent_expect_ok(k->w->agent[vcpu], &op, VERDICT_ABI, "a step of the guest's own");
}

/* L1 flushes, or uses another address space; INVLPG says nothing about tables that are nested. */
static void forget_nested(struct paging_walker *k, bool all)
{
	static const uint64_t how[] = {
		AGENT_L1_FLUSH_ASID, AGENT_L1_FLUSH_ALL, AGENT_L1_NEXT_ASID, AGENT_L1_ROOT,
	};
	const uint32_t which = all ? 3 : prng_below(&k->prng, 4);

	paging_do(k, k->vcpu, AGENT_OP_L1, how[which], k->w->tables[k->root].root);
}

/* What L2 has changed in its own tables. */
static void forget_by_l1(struct paging_walker *k, uint32_t page)
{
	static const uint64_t how[] = {
		AGENT_L1_FLUSH_ASID, AGENT_L1_FLUSH_ALL, AGENT_L1_NEXT_ASID, AGENT_L1_INVLPGA,
	};

	paging_do(k, k->vcpu, AGENT_OP_L1, how[prng_below(&k->prng, 4)],
		  GUEST_TABLES_BASE + 4096ull * page);
}

void paging_forget(struct paging_walker *k, uint32_t page, bool all)
{
	if (k->w->how->nested)
		forget_nested(k, all);
	else if (all || !prng_below(&k->prng, 4))
		paging_do(k, k->vcpu, AGENT_OP_CR3, k->w->tables[k->root].root, 0);
	else if (k->w->how->by_l1)
		forget_by_l1(k, page);
	else
		paging_do(k, k->vcpu, AGENT_OP_INVLPG, GUEST_TABLES_BASE + 4096ull * page, 0);
}

void paging_touch(struct paging_walker *k, uint32_t page, uint32_t opcode)
{
	const struct agent_op op = {
		.opcode = opcode, .arg = GUEST_TABLES_BASE + 4096ull * page,
		.value = *memory_word(k->w->ram, AGENT_TEST_GPA),
	};

	agent_run(k->w->agent[k->vcpu], &op);
}

/*
 * After the host's store to an entry of @page, of which KVM knows nothing: use the page, then have
 * the guest do what the host did.  A store takes a fault where the page could be read before, and
 * KVM finds another entry than the one that it has mapped.
 */
static void catch_up(struct paging_walker *k, uint32_t page, uint64_t address, uint64_t value)
{
	paging_forget(k, page, false);
	paging_touch(k, page, prng_below(&k->prng, 2) ? AGENT_OP_STORE : AGENT_OP_LOAD);
	paging_forget(k, page, true);
	paging_touch(k, page, AGENT_OP_LOAD);
	paging_do(k, k->vcpu, AGENT_OP_STORE, address, value);
}

/* Store an entry that @page is mapped by, by whoever may. */
void paging_change(struct paging_walker *k, uint32_t page, uint64_t address, uint64_t value)
{
	static const char *const names[] = { "the vCPU", "another vCPU", "the host" };
	const uint32_t writers = k->w->how->writers;
	unsigned int who;

	do {
		who = prng_below(&k->prng, 3);
	} while (!(writers >> who & 1));
	snprintf(k->last, sizeof(k->last), "%s stored %#llx to the entry at %#llx", names[who],
		 (unsigned long long)value, (unsigned long long)address);
	if (who == 2)
		__atomic_store_n((uint64_t *)vm_control_ptr(k->w->vm, address), value,
				 __ATOMIC_SEQ_CST);
	else
		paging_do(k, who ? !k->vcpu : k->vcpu, AGENT_OP_STORE, address, value);
	if (who == 2 && k->w->blind)
		catch_up(k, page, address, value);
}

static void fail(struct paging_walker *k, enum verdict_class cls, uint32_t page, const char *what,
		 uint64_t found, uint64_t expected)
{
	verdict_fail(cls,
		     "%s memory, vCPU %u, root %u, page %u, step %llu: %s %#llx, expected %#llx; before: %s",
		     memory_kind_name(k->w->how->kind), k->vcpu, k->root, page,
		     (unsigned long long)k->steps, what, (unsigned long long)found,
		     (unsigned long long)expected, k->last);
}

/* A violation of nested tables is L1's affair, which raises #GP. */
static struct agent_result by_l1(const struct paging_walker *k, const struct agent_result *r)
{
	const struct agent_l1 *l1 = nested_l1(k->w->agent[k->vcpu]->vcpu);
	struct agent_result fault = *r;

	if (r->status != AGENT_EXCEPTION || r->vector != VECTOR_GP ||
	    l1->violations == k->violations)
		return fault;
	fault.vector = VECTOR_PF;
	fault.error_code = l1->violation_error;
	fault.fault_address = l1->violation_gpa;
	return fault;
}

/* A page fault is due, with these bits of the error code. */
static void expect_fault(struct paging_walker *k, uint32_t page, const struct agent_result *found,
			 uint64_t error)
{
	const bool nested = k->w->how->nested;
	const uint64_t address = k->w->tables[0].base + 4096ull * page;
	const struct agent_result fault = nested ? by_l1(k, found) : *found, *r = &fault;

	if (r->status != AGENT_EXCEPTION || r->vector != VECTOR_PF)
		fail(k, error & ERROR_PRESENT ? VERDICT_PERMISSION : VERDICT_STALE_MAPPING, page,
		     "no page fault, but", r->value, error);
	if ((r->error_code & (ERROR_PRESENT | ERROR_WRITE)) != error)
		fail(k, VERDICT_ABI, page, "error code of the page fault", r->error_code, error);
	if (r->fault_address != address)
		fail(k, VERDICT_ABI, page, "address of the page fault", r->fault_address, address);
}

void paging_check(struct paging_walker *k, uint32_t page, bool write)
{
	const uint64_t token = 0x70ull << 56 | (uint64_t)k->vcpu << 48 | (k->seq += write);
	const struct agent_op op = {
		.opcode = write ? AGENT_OP_STORE : AGENT_OP_LOAD, .value = token,
		.arg = GUEST_TABLES_BASE + 4096ull * page,
	};
	const struct table_format *f = k->w->tables[0].format;
	struct agent *a = k->w->agent[k->vcpu];
	const struct agent_l1 *l1 = nested_l1(a->vcpu);
	const struct agent_result *r;
	uint64_t gpa = 0, found;
	bool writable = false;
	const uint64_t *entry;

	k->violations = l1 ? l1->violations : 0;
	r = agent_run(a, &op);
	entry = guest_tables_walk(&k->w->tables[k->root], page, &gpa, &writable);
	if (!entry) {
		expect_fault(k, page, r, write ? ERROR_WRITE : 0);
		return;
	}
	if (write && !writable) {
		expect_fault(k, page, r, ERROR_PRESENT | ERROR_WRITE);
		return;
	}
	if (r->status != AGENT_OK)
		fail(k, VERDICT_ABI, page, "the access ended in an exception at",
		     r->fault_address, 0);
	if (gpa == PAGING_HOLE) {
		if (!write && r->value != WATCH_ABSENT)
			fail(k, VERDICT_STALE_MAPPING, page, "a hole holds", r->value,
			     WATCH_ABSENT);
		return;
	}
	found = __atomic_load_n(memory_word(k->w->ram, gpa), __ATOMIC_SEQ_CST);
	if (write && found != token)
		fail(k, VERDICT_STALE_MAPPING, page, "the vCPU wrote, and its frame holds", found,
		     token);
	if (!write && found != r->value)
		fail(k, VERDICT_STALE_MAPPING, page, "the vCPU read", r->value, found);
	if (!(*entry & f->accessed))
		fail(k, VERDICT_ABI, page, "the page was used, and its entry is", *entry,
		     *entry | f->accessed);
	if (write && !(*entry & f->dirty))
		fail(k, VERDICT_LOST_WRITE, page, "the page was written, and its entry is", *entry,
		     *entry | f->dirty);
}
