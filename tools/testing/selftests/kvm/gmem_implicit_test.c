// SPDX-License-Identifier: GPL-2.0-only
/*
 * Implicit conversions: the guest touches memory whose attribute says otherwise, KVM
 * exits with KVM_EXIT_MEMORY_FAULT, the VMM converts and lets the guest try again.
 */
#include "harness/diagnose.h"
#include "harness/known_issues.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/attributes.h"
#include "scenario/scene.h"
#include "scenario/watcher.h"

#define PAGES	64u
#define SIZE	(PAGES * PAGE)
#define GPA	AGENT_TEST_GPA

enum { FILLED_BY_HOST = 1, FILLED_BY_GUEST };

/* Memory faults in a row that are taken for "for ever". */
#define ENDLESS	100

static uint64_t token(const struct scene *s, uint32_t seq)
{
	return token_make(s->vm->number, TOKEN_ACTOR_FILL, seq, 0, 0);
}

/* A VM that could have private memory, with a slot that has no guest_memfd. */
static void open_shared(struct scene *s)
{
	uint64_t i;

	*s = scene_open_on(memory_vm_type(MEMORY_SPLIT), MEMORY_ANON, SIZE);
	for (i = 0; i < SIZE / 8; i++)
		*memory_word(s->ram, GPA + 8 * i) =
			token_at(token(s, FILLED_BY_HOST), i / TOKEN_WORDS, i % TOKEN_WORDS);
	agent_verify(s->agent, GPA, GPA, SIZE, token(s, FILLED_BY_HOST), "shared memory");
}

/* The VMM's answer: do what the access wanted, try again. */
static enum agent_action convert_on_fault(struct agent *a, const struct vcpu_exit *exit, void *arg)
{
	const struct scene *s = arg;

	if (exit->kind != VCPU_EXIT_MEMORY_FAULT || !exit->private || a->faults > PAGES)
		return AGENT_ABORT;
	if (exit->size != PAGE || exit->gpa % PAGE)
		verdict_fail(VERDICT_ABI,
			     "memory fault with gpa %#llx, size %#llx; expected one aligned page",
			     (unsigned long long)exit->gpa, (unsigned long long)exit->size);
	attributes_set(s->vm, exit->gpa, exit->size, 0);
	return AGENT_RETRY;
}

/*
 * Where accesses carry no private bit of their own a mismatch cannot be asked for by
 * the guest, but private memory whose slot has no guest_memfd behind it ends in the
 * same exit (kvm_mmu_faultin_pfn_gmem()), and the VMM's answer is the same.
 */
static void run_convert(const struct run *run)
{
	const uint32_t pages = *(const uint32_t *)run->arg;
	struct scene s;
	uint64_t i;

	open_shared(&s);
	attributes_set(s.vm, GPA, pages * PAGE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
	s.agent->on_fault = convert_on_fault;
	s.agent->on_fault_arg = &s;
	agent_verify(s.agent, GPA, GPA, SIZE, token(&s, FILLED_BY_HOST),
		     "contents after implicit conversion");
	if (s.agent->faults != pages)
		verdict_fail(VERDICT_ABI, "%llu memory faults for %u pages, expected one each",
			     (unsigned long long)s.agent->faults, pages);
	agent_fill(s.agent, GPA, GPA, SIZE, token(&s, FILLED_BY_GUEST));
	for (i = 0; i < SIZE / 8; i++) {
		uint64_t found = *memory_word(s.ram, GPA + 8 * i);
		uint64_t due = token_at(token(&s, FILLED_BY_GUEST), i / TOKEN_WORDS,
					i % TOKEN_WORDS);

		if (found != due)
			diagnose_fail(VERDICT_LOST_WRITE, "guest's writes after implicit conversion",
				      GPA + 8 * i, found, due);
	}
	scene_close(&s);
}

/*
 * The exit names the page, says private, and gives way when told to: an access that was
 * given up changes nothing.
 */
static void run_refused(const struct run *run)
{
	struct agent_op op = { .opcode = AGENT_OP_READ, .gpa = GPA + 5 * PAGE + 24 };
	const struct agent_result *r;
	struct scene s;

	(void)run;
	open_shared(&s);
	attributes_set(s.vm, GPA + 5 * PAGE, PAGE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
	r = agent_run(s.agent, &op);
	if (r->status != AGENT_ABORTED)
		verdict_fail(VERDICT_PERMISSION, "private page without guest_memfd was read: %#llx",
			     (unsigned long long)r->value);
	if (s.agent->fault.gpa != GPA + 5 * PAGE || !s.agent->fault.private)
		verdict_fail(VERDICT_ABI, "memory fault at %#llx, private %d; expected %#llx, private",
			     (unsigned long long)s.agent->fault.gpa, s.agent->fault.private,
			     (unsigned long long)(GPA + 5 * PAGE));
	attributes_set(s.vm, GPA + 5 * PAGE, PAGE, 0);
	agent_verify(s.agent, GPA, GPA, SIZE, token(&s, FILLED_BY_HOST),
		     "contents after the refused access");
	scene_close(&s);
}

static enum agent_action retry_on_fault(struct agent *a, const struct vcpu_exit *exit, void *arg)
{
	char text[200];

	(void)arg;
	if (a->faults < ENDLESS)
		return AGENT_RETRY;
	vcpu_exit_describe(exit, text, sizeof(text));
	verdict_fail(VERDICT_PERMISSION,
		     "%u accesses in a row to private memory that is there ended in %s",
		     ENDLESS, text);
}

/* First a hole, which the guest has touched (MMIO); then private memory in its place. */
static void run_hole(const struct run *run)
{
	struct vm *vm = vm_create(memory_vm_type(MEMORY_PRIVATE));
	struct agent *a = agent_create(vm, 0, -1);
	struct memory *ram;

	(void)run;
	if (vm->type->encrypted)
		verdict_skip("VM type %s deals with holes itself: snp-page-state/hole",
			     vm->type->name);
	if (agent_read(a, GPA) != WATCH_ABSENT || a->mmio != 1)
		verdict_fail(VERDICT_ABI, "access to a hole: %llu MMIO exits, expected 1",
			     (unsigned long long)a->mmio);
	ram = memory_create(vm, MEMORY_PRIVATE, GPA, SIZE);
	a->on_fault = retry_on_fault;
	agent_check_zero(a, GPA, SIZE, "private memory in place of a hole");
	agent_destroy(a);
	memory_destroy(ram);
	vm_destroy(vm);
}

#define CONVERT(n)	run_convert, &(const uint32_t){ n }

static const struct subtest subtests[] = {
	{ "implicit/one", "a memory fault answered by a conversion leads to the shared contents",
	  CONVERT(1) },
	{ "implicit/many",
	  "a run of pages reaches its shared contents by one memory fault and conversion each",
	  CONVERT(40) },
	{ "implicit/refused", "a memory fault names page and direction, and changes nothing",
	  run_refused },
	{ "implicit/hole", "private memory in place of a hole that was touched can be accessed",
	  run_hole, NULL, &known_hole_private },
};

TEST_PROGRAM("gmem_implicit_test", subtests)
