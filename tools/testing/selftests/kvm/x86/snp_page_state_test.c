// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page states of an SNP guest: who owns a page, and what the guest has to do before it may use one.
 */
#include "abi/x86/agent_arch.h"
#include "harness/diagnose.h"
#include "harness/known_issues.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "machine/x86/shadow_paging.h"
#include "machine/x86/snp.h"
#include "scenario/scene.h"
#include "scenario/x86/ghcb_page.h"

#define PAGES	600u	/* more than two requests hold */
#define SIZE	(PAGES * PAGE)
#define GPA	AGENT_TEST_GPA

/* EAX of PVALIDATE; -1 is CF. */
#define PVALIDATE_SAME		((uint64_t)-1)
#define PVALIDATE_BAD_INPUT	1u
#define PVALIDATE_BAD_SIZE	6u

/* Memory whose first pages are private. */
static struct scene open_pages(uint32_t private)
{
	struct scene s = scene_open_on(snp_type(), MEMORY_SPLIT, SIZE);

	attributes_set(s.vm, GPA, SIZE, 0);
	if (private)
		attributes_set(s.vm, GPA, private * PAGE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
	return s;
}

static uint64_t token(const struct scene *s, uint32_t seq)
{
	return token_make(s->vm->number, TOKEN_ACTOR_FILL, seq, 0, 0);
}

/* The agent starts, and private and shared pages hold what the guest writes to them. */
static void run_boot(const struct run *run)
{
	struct scene s = open_pages(4);

	(void)run;
	agent_fill(s.agent, GPA, GPA, 4 * PAGE, token(&s, 1));
	agent_fill(s.agent, GPA, GPA + 4 * PAGE, 4 * PAGE, token(&s, 1));
	agent_verify(s.agent, GPA, GPA, 4 * PAGE, token(&s, 1), "private pages");
	agent_verify(s.agent, GPA, GPA + 4 * PAGE, 4 * PAGE, token(&s, 1), "shared pages");
	scene_close(&s);
}

static void convert(struct scene *s, uint64_t page, uint64_t pages, bool private, uint64_t exits)
{
	struct agent_op op = {
		.opcode = AGENT_OP_CONVERT, .gpa = GPA + page * PAGE, .size = pages * PAGE,
		.arg = private,
	};

	agent_expect_ok(s->agent, &op, VERDICT_ABI, "page state change");
	verdict_expect("KVM_EXIT_HYPERCALL of one request", s->agent->converts, exits);
}

/*
 * Private, shared and private again, the guest asking: the host writes to shared pages and the
 * guest reads it; what the guest has in private ones the host's side does not get.
 */
static void run_round_trip(const struct run *run)
{
	const uint32_t pages = *(const uint32_t *)run->arg;
	const uint64_t exits = (pages + PSC_ENTRIES - 1) / PSC_ENTRIES;
	struct scene s = open_pages(pages);
	uint64_t i, found;

	agent_fill(s.agent, GPA, GPA, pages * PAGE, token(&s, 1));
	agent_verify(s.agent, GPA, GPA, pages * PAGE, token(&s, 1), "private pages");
	convert(&s, 0, pages, false, exits);
	for (i = 0; i < pages * PAGE / 8; i++)
		*memory_word(s.ram, GPA + 8 * i) =
			token_at(token(&s, 2), i / TOKEN_WORDS, i % TOKEN_WORDS);
	agent_verify(s.agent, GPA, GPA, pages * PAGE, token(&s, 2), "what the host wrote");
	convert(&s, 0, pages, true, exits);
	verdict_expect("pages that the guest found not validated", s.agent->mb->validated, pages);
	agent_fill(s.agent, GPA, GPA, pages * PAGE, token(&s, 3));
	agent_verify(s.agent, GPA, GPA, pages * PAGE, token(&s, 3), "private pages again");
	for (i = 0; i < pages * PAGE / 8; i++) {
		found = *memory_word(s.ram, GPA + 8 * i);
		if (found != token_at(token(&s, 2), i / TOKEN_WORDS, i % TOKEN_WORDS))
			diagnose_fail(VERDICT_LEAK, "host's side of private pages", GPA + 8 * i,
				      found, token_at(token(&s, 2), i / TOKEN_WORDS,
						      i % TOKEN_WORDS));
	}
	scene_close(&s);
}

static uint64_t pvalidate(struct scene *s, uint64_t address, uint64_t large, uint64_t valid)
{
	struct agent_op op = {
		.opcode = AGENT_OP_PVALIDATE, .arg = address, .size = large, .value = valid,
	};

	return agent_expect_ok(s->agent, &op, VERDICT_ABI, "PVALIDATE");
}

/* What the guest itself has to do, and may do. */
static void run_pvalidate(const struct run *run)
{
	const uint64_t private = GPA + AGENT_ALIAS_PRIVATE, shared = GPA + AGENT_ALIAS_SHARED;
	struct scene s = open_pages(4);

	(void)run;
	verdict_expect("PVALIDATE of a new page", pvalidate(&s, private, 0, 1), 0);
	verdict_expect("PVALIDATE once more", pvalidate(&s, private, 0, 1), PVALIDATE_SAME);
	agent_write(s.agent, GPA, token(&s, 1));
	verdict_expect("accesses that found the page not validated", s.agent->mb->validated, 0);
	verdict_expect("PVALIDATE of 2M", pvalidate(&s, private, 1, 1), PVALIDATE_BAD_SIZE);
	verdict_expect("PVALIDATE at an odd address", pvalidate(&s, private + 8, 0, 1),
		       PVALIDATE_BAD_INPUT);
	verdict_expect("PVALIDATE of a shared page", pvalidate(&s, shared + 5 * PAGE, 0, 1),
		       PVALIDATE_BAD_INPUT);
	verdict_expect("rescinding", pvalidate(&s, private, 0, 0), 0);
	verdict_expect("rescinding once more", pvalidate(&s, private, 0, 0), PVALIDATE_SAME);
	agent_write(s.agent, GPA, token(&s, 2));
	verdict_expect("accesses that found the page not validated", s.agent->mb->validated, 1);
	scene_close(&s);
}

/* A page that comes back is another one: the guest is told by having to validate it again. */
static void run_punch(const struct run *run)
{
	struct scene s = open_pages(4);
	const long before = snp_assigned();

	(void)run;
	agent_fill(s.agent, GPA, GPA, 4 * PAGE, token(&s, 1));
	verdict_expect("pages validated at first", s.agent->mb->validated, 4);
	gmem_punch(s.ram->gmem, PAGE, 2 * PAGE);
	if (before >= 0)
		verdict_expect("pages that the guest owns more than at first",
			       snp_assigned() - before, 2);
	agent_fill(s.agent, GPA, GPA, 4 * PAGE, token(&s, 2));
	verdict_expect("pages validated after 2 were punched", s.agent->mb->validated, 6);
	agent_verify(s.agent, GPA, GPA, 4 * PAGE, token(&s, 2), "pages after a punch");
	scene_close(&s);
	if (before >= 0)
		verdict_expect("pages that guests own when there are none", snp_assigned(), 0);
}

struct implicit {
	struct vm *vm;
	uint64_t gpa;
	bool private;		/* what the access wants */
};

static enum agent_action convert_on_fault(struct agent *a, const struct vcpu_exit *exit, void *arg)
{
	const struct implicit *want = arg;

	if (exit->kind != VCPU_EXIT_MEMORY_FAULT || a->faults > 1)
		return AGENT_LOST;
	verdict_expect("address of the memory fault", exit->gpa, want->gpa);
	verdict_expect("size of the memory fault", exit->size, PAGE);
	verdict_expect("the memory fault wants private memory", exit->private, want->private);
	attributes_set(want->vm, exit->gpa, exit->size,
		       want->private ? KVM_MEMORY_ATTRIBUTE_PRIVATE : 0);
	return AGENT_RETRY;
}

/* The guest's C-bit says otherwise than the attribute: one exit, which says what it wants. */
static void run_implicit(const struct run *run)
{
	struct scene s = open_pages(4);
	struct implicit want = { .vm = s.vm };
	unsigned int i;

	(void)run;
	agent_fill(s.agent, GPA, GPA, 4 * PAGE, token(&s, 1));
	agent_fill(s.agent, GPA, GPA + 4 * PAGE, 4 * PAGE, token(&s, 1));
	s.agent->keep_alias = true;
	s.agent->on_fault = convert_on_fault;
	s.agent->on_fault_arg = &want;
	for (i = 0; i < 8; i++) {
		struct agent_op op = { .opcode = AGENT_OP_STORE, .value = token(&s, 2) };

		want.gpa = GPA + i * PAGE;
		want.private = i >= 4;
		op.arg = want.gpa + (want.private ? AGENT_ALIAS_PRIVATE : AGENT_ALIAS_SHARED);
		agent_expect_ok(s.agent, &op, VERDICT_PERMISSION, "an access of the other kind");
		verdict_expect("memory faults of an access of the other kind", s.agent->faults, 1);
		verdict_expect("what was stored", agent_read(s.agent, want.gpa), token(&s, 2));
	}
	scene_close(&s);
}

/* First a hole, which the guest has touched; then memory in its place. */
static void run_hole(const struct run *run)
{
	struct vm *vm = vm_create(snp_type());
	struct agent *a = agent_create(vm, 0, 0);
	struct memory *ram;

	(void)run;
	if (agent_read(a, GPA) != WATCH_ABSENT || a->mmio != 1)
		verdict_fail(VERDICT_ABI, "access to a hole: %llu MMIO exits, expected 1",
			     (unsigned long long)a->mmio);
	ram = memory_create(vm, MEMORY_ANON, GPA, SIZE);
	*memory_word(ram, GPA) = 1;
	if (agent_read(a, GPA) == WATCH_ABSENT)
		verdict_fail(VERDICT_PERMISSION,
			     "memory is there where a hole was touched, and the guest finds the hole");
	agent_destroy(a);
	memory_destroy(ram);
	vm_destroy(vm);
}

/* Requests by the MSR, and what it keeps when nobody knows the request. */
static void run_msr(const struct run *run)
{
	struct scene s = open_pages(0);
	struct ghcb_page g;
	uint64_t info;

	(void)run;
	info = ghcb_page_msr(s.agent, GHCB_MSR_INFO);
	verdict_expect("the C-bit", info >> 24 & 0xff, snp_c_bit());
	verdict_expect("the highest version", info >> 48, 2);
	verdict_expect("features", ghcb_page_msr(s.agent, GHCB_MSR_FEATURES) & GHCB_MSR_MASK,
		       GHCB_MSR_FEATURES + 1);
	verdict_expect("no preferred page", ghcb_page_msr(s.agent, GHCB_MSR_PREFERRED),
		       (GHCB_MSR_PREFERRED + 1) | ~GHCB_MSR_MASK);
	verdict_expect("CPUID leaf 0", ghcb_page_msr(s.agent, GHCB_MSR_CPUID) & GHCB_MSR_MASK,
		       GHCB_MSR_CPUID + 1);
	verdict_expect("a request that nobody knows", ghcb_page_msr(s.agent, 0xabc000fff),
		       0xabc000fff);
	/* A page that was not registered is told so, and nothing else happens. */
	g = ghcb_page_create(s.agent);
	ghcb_page_begin(&g, GHCB_FEATURES, 0, 0);
	verdict_expect("the MSR after another page's exit", ghcb_page_msr(s.agent, g.address),
		       g.address);
	verdict_expect("a page that is not registered", (uint32_t)g.field[GHCB_INFO_1],
		       GHCB_MALFORMED);
	verdict_expect("a page that is not registered", g.field[GHCB_INFO_2], GHCB_NOT_REGISTERED);
	/* Without memory there is nobody to tell. */
	verdict_expect("a GHCB in a hole", ghcb_page_msr(s.agent, GPA + SIZE), GPA + SIZE);
	scene_close(&s);
}

/* What the guest needs to run lies in pages beside each other, all of them private. */
static void run_neighbours(const struct run *run)
{
	const struct vm_type *type = snp_type();
	struct agent *a;
	struct vm *vm;

	(void)run;
	if (!tdp_mmu_off())
		verdict_skip("KVM uses its TDP MMU (kvm.tdp_mmu is not N)");
	vm = vm_create(type);
	vm->any_mmu = true;
	a = agent_create(vm, 0, 0);
	agent_destroy(a);
	vm_destroy(vm);
}

static const struct subtest subtests[] = {
	{ "snp-page-state/boot", "private and shared pages hold what an SNP guest writes to them",
	  run_boot },
	{ "snp-page-state/by-msr", "a page that is converted by the MSR protocol changes hands",
	  run_round_trip, &(const uint32_t){ 1 } },
	{ "snp-page-state/by-page", "two pages that are converted by one request change hands",
	  run_round_trip, &(const uint32_t){ 2 } },
	{ "snp-page-state/full", "a request of 253 pages is one exit", run_round_trip,
	  &(const uint32_t){ PSC_ENTRIES } },
	{ "snp-page-state/batches", "more pages than a request holds are one exit for each",
	  run_round_trip, &(const uint32_t){ 2 * PSC_ENTRIES + 2 } },
	{ "snp-page-state/pvalidate", "a page is validated once, by its private alias",
	  run_pvalidate },
	{ "snp-page-state/punch", "a page that was punched has to be validated again", run_punch },
	{ "snp-page-state/implicit", "an access of the other kind is one exit that says so",
	  run_implicit },
	{ "snp-page-state/hole", "memory in place of a hole that was touched can be accessed",
	  run_hole, NULL, &known_hole_encrypted },
	{ "snp-page-state/neighbours", "an SNP guest runs without the TDP MMU, too", run_neighbours,
	  NULL, &known_neighbours_shared },
	{ "snp-page-state/msr", "requests by the MSR are answered, unknown ones left alone",
	  run_msr },
};

TEST_PROGRAM("snp_page_state_test", subtests)
