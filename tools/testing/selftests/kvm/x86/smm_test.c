// SPDX-License-Identifier: GPL-2.0-only
/*
 * System management mode: a vCPU in it finds the memslots of address space 1, all others those of
 * address space 0.  That accesses reach the right memory while all vCPUs are in it is what other
 * programs check with --level smm; here both spaces are used at once.
 */
#include <sys/mman.h>
#include "abi/x86/agent_arch.h"
#include "harness/known_issues.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/agent.h"
#include "machine/memslot.h"
#include "machine/x86/guest_tables.h"
#include "machine/x86/level.h"
#include "machine/x86/shadow_paging.h"
#include "machine/x86/smm.h"
#include "memory/memory_operation.h"

#define GPA	AGENT_TEST_GPA
#define PAGES	64u
#define SIZE	(PAGES * PAGE)

/* A VM with one vCPU, memory in the ordinary space, and other memory for the second one. */
struct spaces {
	struct vm *vm;
	struct agent *a;
	struct memslot slot[2];
};

static uint64_t *word(const struct spaces *s, unsigned int space)
{
	return s->slot[space].hva;
}

static void run_op(struct agent *a, uint32_t opcode, const char *what)
{
	const struct agent_op op = { .opcode = opcode };

	agent_expect_ok(a, &op, VERDICT_ABI, what);
}

static void enter(struct agent *a)
{
	smm_enter(a->vcpu, a->vcpu->mailbox);
	run_op(a, AGENT_OP_NOP, "start in system management mode");
}

static void leave(struct agent *a)
{
	run_op(a, AGENT_OP_RSM, "RSM");
}

static struct spaces open_spaces(void)
{
	struct spaces s = { .vm = vm_create(vm_default) };
	unsigned int i;

	vm_level_choose(s.vm, VM_LEVEL_1);
	smm_init(s.vm);
	for (i = 0; i < 2; i++) {
		s.slot[i] = (struct memslot){
			.id = s.vm->next_slot++ | (i ? SMM_SPACE : 0), .gpa = GPA, .size = SIZE,
			.hva = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
				    MAP_SHARED | MAP_ANONYMOUS, -1, 0),
		};
		verdict_require(s.slot[i].hva != MAP_FAILED, "mmap");
		*word(&s, i) = 100 + i;
	}
	memslot_set(s.vm, &s.slot[0]);
	s.a = agent_create(s.vm, 0, 0);
	return s;
}

static void close_spaces(struct spaces *s)
{
	agent_destroy(s->a);
	munmap(s->slot[0].hva, SIZE);
	munmap(s->slot[1].hva, SIZE);
	vm_destroy(s->vm);
}

static void expect_memory(const char *where, uint64_t found, uint64_t due)
{
	if (found != due)
		verdict_fail(VERDICT_WRONG_PAGE, "%s: found %#llx, expected %#llx", where,
			     (unsigned long long)found, (unsigned long long)due);
}

/* In and out again, each time another memory at the same address. */
static void run_spaces(const struct run *run)
{
	struct spaces s = open_spaces();
	uint64_t i;

	memslot_set(s.vm, &s.slot[1]);
	for (i = 0; i < run->iterations; i++) {
		expect_memory("outside", agent_read(s.a, GPA), *word(&s, 0));
		agent_write(s.a, GPA, 1000 + i);
		enter(s.a);
		expect_memory("inside", agent_read(s.a, GPA), *word(&s, 1));
		agent_write(s.a, GPA, 2000 + i);
		leave(s.a);
		expect_memory("written outside", *word(&s, 0), 1000 + i);
		expect_memory("written inside", *word(&s, 1), 2000 + i);
	}
	close_spaces(&s);
}

/* A hole inside where there is memory outside; memory comes and goes. */
static void run_hole(const struct run *run)
{
	struct spaces s = open_spaces();
	uint64_t i;

	expect_memory("outside", agent_read(s.a, GPA), 100);
	enter(s.a);
	for (i = 0; i < run->iterations; i++) {
		expect_memory("in a hole inside", agent_read(s.a, GPA), WATCH_ABSENT);
		memslot_set(s.vm, &s.slot[1]);
		if (agent_read(s.a, GPA) != 101)
			verdict_fail(VERDICT_PERMISSION, "memory came inside where a hole was touched, and the vCPU does not find it");
		memslot_delete(s.vm, &s.slot[1]);
	}
	leave(s.a);
	expect_memory("outside", agent_read(s.a, GPA), 100);
	close_spaces(&s);
}

static bool logged(const struct spaces *s, unsigned int space)
{
	uint64_t bits[PAGES / 64];
	struct kvm_dirty_log log = { .slot = s->slot[space].id, .dirty_bitmap = bits };

	vm_ioctl(s->vm, KVM_GET_DIRTY_LOG, &log);
	return bits[0] & 1;
}

/* The same memory in both spaces: what is written through one is in the log of that one. */
static void run_dirty(const struct run *run)
{
	struct spaces s = open_spaces();
	void *own = s.slot[1].hva;
	uint64_t i;

	s.slot[1].hva = s.slot[0].hva;
	for (i = 0; i < 2; i++) {
		s.slot[i].flags = KVM_MEM_LOG_DIRTY_PAGES;
		memslot_set(s.vm, &s.slot[i]);
	}
	for (i = 0; i < run->iterations; i++) {
		agent_write(s.a, GPA, i);
		if (!logged(&s, 0))
			verdict_fail(VERDICT_LOST_WRITE, "written outside, and not logged there");
		verdict_expect("in the log of the space inside", logged(&s, 1), false);
		enter(s.a);
		agent_write(s.a, GPA, i);
		leave(s.a);
		if (!logged(&s, 1))
			verdict_fail(VERDICT_LOST_WRITE, "written inside, and not logged there");
		verdict_expect("in the log of the space outside", logged(&s, 0), false);
	}
	s.slot[1].hva = own;
	close_spaces(&s);
}

/* What the host does to memory that is in both spaces has to reach both. */
static void run_both(const struct run *run)
{
	static const enum operation_id notifying[] = {
		OP_DISCARD, OP_REMAP, OP_PAGE_OUT, OP_FORK, OP_BIND,
	};
	struct vm *vm = vm_create(vm_default);
	struct memory *ram = memory_create(vm, MEMORY_ANON, GPA, SIZE);
	struct memslot inside = { .id = vm->next_slot++ | SMM_SPACE, .gpa = GPA, .size = SIZE,
				  .hva = memory_at(ram, 0) };
	struct agent *a[2];
	struct prng prng = { run->seed };
	uint64_t i, done = 0;

	vm_level_choose(vm, VM_LEVEL_1);
	smm_init(vm);
	memslot_set(vm, &inside);
	for (i = 0; i < 2; i++)
		a[i] = agent_create(vm, i, i);
	enter(a[1]);
	for (i = 0; i < 10 * run->iterations; i++) {
		const enum operation_id id = notifying[prng_below(&prng, ARRAY_SIZE(notifying))];
		const uint32_t page = prng_below(&prng, PAGES);
		const uint64_t gpa = GPA + page * PAGE;

		agent_write(a[i & 1], gpa, i + 1);
		agent_read(a[!(i & 1)], gpa);
		if (memory_lacks(ram, id) || memory_do(ram, id, 0, PAGES))
			continue;
		if (memory_undoes(id))
			memory_undo(ram, id, 0, PAGES);
		done++;
		agent_write(a[i & 1], gpa, i + 2);
		if (agent_read(a[!(i & 1)], gpa) != i + 2 || *memory_word(ram, gpa) != i + 2)
			verdict_fail(VERDICT_STALE_MAPPING, "after %s one space finds %#llx, the other one %#llx and the host %#llx",
				     operation_get(id)->name, i + 2ull,
				     (unsigned long long)agent_read(a[!(i & 1)], gpa),
				     (unsigned long long)*memory_word(ram, gpa));
	}
	verdict_exercised(10 * run->iterations, done);
	for (i = 0; i < 2; i++)
		agent_destroy(a[i]);
	memory_destroy(ram);
	vm_destroy(vm);
}

static void do_arg(struct agent *a, uint32_t opcode, uint64_t arg, uint64_t value)
{
	const struct agent_op op = { .opcode = opcode, .arg = arg, .value = value };

	agent_expect_ok(a, &op, VERDICT_ABI, "a step");
}

/*
 * A page is a directory of tables that KVM follows for a vCPU: L1's nested ones, or under shadow
 * paging the guest's own.  Another vCPU stores to it from system management mode; it may have done
 * so before the page became a directory.
 */
static void run_tracked(const struct run *run)
{
	struct vm *vm = vm_create(vm_default);
	const bool nested = !shadow_paging();
	const struct agent_op load = { .opcode = AGENT_OP_LOAD, .arg = GUEST_TABLES_BASE };
	struct memory *ram = memory_create(vm, MEMORY_ANON, GPA, SIZE);
	struct guest_tables t;
	struct agent *inside, *a;
	uint64_t entry, found, i;

	vm_level_choose(vm, VM_LEVEL_1);
	smm_init(vm);
	if (nested)
		guest_tables_create_nested(&t, vm);
	else
		guest_tables_create(&t, vm);
	entry = guest_tables_large(&t);
	inside = agent_create(vm, 0, 0);
	enter(inside);
	if (*(const bool *)run->arg)
		do_arg(inside, AGENT_OP_STORE, entry, t.table[0] | t.format->table);
	vm_level_choose(vm, nested ? VM_LEVEL_2_NESTED_PAGING : VM_LEVEL_1);
	a = agent_create(vm, 1, 1);
	for (i = 0; i < 2; i++) {
		*memory_word(ram, GPA + i * PAGE) = 100 + i;
		do_arg(a, AGENT_OP_STORE, guest_tables_small(&t, i, 0),
		       (GPA + i * PAGE) | t.format->page | PTE_WRITE);
	}
	for (i = 0; i < 2; i++) {
		if (i)
			do_arg(inside, AGENT_OP_STORE, entry, t.table[i] | t.format->table);
		do_arg(a, nested ? AGENT_OP_L1 : AGENT_OP_CR3, nested ? AGENT_L1_ROOT : t.root,
		       t.root);
		found = agent_expect_ok(a, &load, VERDICT_ABI, "a load by the tables");
		if (found != 100 + i)
			verdict_fail(VERDICT_STALE_MAPPING, "the directory leads to %llu, and the vCPU reads %llu",
				     100ull + i, (unsigned long long)found);
	}
	agent_destroy(a);
	agent_destroy(inside);
	memory_destroy(ram);
	vm_destroy(vm);
}

static const struct subtest subtests[] = {
	{ "smm/spaces", "each mode finds its own memory", run_spaces },
	{ "smm/hole", "memory that comes where a hole was touched is found", run_hole },
	{ "smm/dirty", "a page is logged in the address space through which it was written",
	  run_dirty },
	{ "smm/both", "what the host does to memory reaches both address spaces", run_both },
	{ "smm/tracked", "tables are followed that are stored to from system management mode",
	  run_tracked, &(const bool){ false } },
	{ "smm/tracked-late", "tables are followed that were memory like any other there before",
	  run_tracked, &(const bool){ true }, &known_space_unprotected_certain },
};

TEST_PROGRAM("smm_test", subtests, .iterations = 20)
