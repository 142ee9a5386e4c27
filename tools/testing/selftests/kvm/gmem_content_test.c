// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contents across conversions, of every shape of range, by every way to convert: both
 * copies keep what the policy table says, and the neighbours of the range keep what
 * they had.
 */
#include <stdlib.h>
#include "harness/diagnose.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "machine/policy.h"
#include "scenario/watcher.h"

/* A hugepage-sized, hugepage-aligned run with room on both sides. */
#define HUGE		512u
#define PAGES		(3 * HUGE)
#define GPA		AGENT_TEST_GPA
#define SLOT_PAGES	(2 * HUGE + 17)	/* where the second slot begins: not at a hugepage */

/* One pattern per copy and writer, so that a mix-up names itself. */
enum { PRIVATE_FIRST = 1, SHARED_FIRST, SHARED_GUEST, PRIVATE_SECOND, SHARED_HOST };

/* Who asks for the conversion. */
enum way { BY_HOST, BY_HYPERCALL };

struct shape {
	uint32_t first;
	uint32_t pages;
	enum way way;
	bool punch;		/* punch the private copy while the range is shared */
};

struct scene {
	struct vm *vm;
	struct agent *agent;
	struct memory *ram[2];	/* two slots, two files: ranges may lie across both */
};

static uint64_t token(const struct scene *s, uint32_t seq)
{
	return token_make(s->vm->number, TOKEN_ACTOR_FILL, seq, 0, 0);
}

static void scene_open(struct scene *s)
{
	s->vm = vm_create(memory_vm_type(MEMORY_SPLIT));
	s->agent = agent_create(s->vm, 0, -1);
	s->ram[0] = memory_create(s->vm, MEMORY_SPLIT, GPA, SLOT_PAGES * PAGE);
	s->ram[1] = memory_create(s->vm, MEMORY_SPLIT, GPA + SLOT_PAGES * PAGE,
			       (PAGES - SLOT_PAGES) * PAGE);
}

static void scene_close(struct scene *s)
{
	agent_destroy(s->agent);
	memory_destroy(s->ram[0]);
	memory_destroy(s->ram[1]);
	vm_destroy(s->vm);
}

static uint64_t *host_word(const struct scene *s, uint32_t page)
{
	return memory_word(s->ram[page >= SLOT_PAGES], GPA + page * PAGE);
}

static void host_fill(const struct scene *s, uint32_t first, uint32_t pages, uint32_t seq)
{
	uint32_t page, slot;

	for (page = first; page < first + pages; page++)
		for (slot = 0; slot < TOKEN_WORDS; slot++)
			host_word(s, page)[slot] = token_at(token(s, seq), page, slot);
}

static void host_verify(const struct scene *s, uint32_t first, uint32_t pages, uint32_t seq,
			const char *what)
{
	uint32_t page, slot;

	for (page = first; page < first + pages; page++)
		for (slot = 0; slot < TOKEN_WORDS; slot++) {
			uint64_t expected = token_at(token(s, seq), page, slot);
			uint64_t found = host_word(s, page)[slot];
			enum verdict_class cls;

			if (found == expected)
				continue;
			cls = diagnose_class(found, expected, s->vm->number, page, slot);
			diagnose_fail(cls == VERDICT_STALE_MAPPING ? VERDICT_LOST_WRITE : cls, what,
				      GPA + page * PAGE + 8 * slot, found, expected);
		}
}

static void guest_fill(const struct scene *s, uint32_t first, uint32_t pages, uint32_t seq)
{
	agent_fill(s->agent, GPA, GPA + first * PAGE, pages * PAGE, token(s, seq));
}

static void guest_verify(const struct scene *s, uint32_t first, uint32_t pages, uint32_t seq,
			 const char *what)
{
	if (pages)
		agent_verify(s->agent, GPA, GPA + first * PAGE, pages * PAGE, token(s, seq), what);
}

/* Everything but [first, first + pages) still holds the first private pattern. */
static void verify_neighbours(const struct scene *s, const struct shape *shape)
{
	uint32_t end = shape->first + shape->pages;

	guest_verify(s, 0, shape->first, PRIVATE_FIRST, "private neighbours before the range");
	guest_verify(s, end, PAGES - end, PRIVATE_FIRST, "private neighbours after the range");
	host_verify(s, 0, shape->first, SHARED_FIRST, "shared copy before the range");
	host_verify(s, end, PAGES - end, SHARED_FIRST, "shared copy after the range");
}

static void convert(const struct scene *s, const struct shape *shape, bool to_private)
{
	struct agent_op op = {
		.opcode = AGENT_OP_CONVERT, .gpa = GPA + shape->first * PAGE,
		.size = shape->pages * PAGE, .arg = to_private,
	};

	if (shape->way == BY_HOST)
		attributes_set(s->vm, op.gpa, op.size,
			       to_private ? KVM_MEMORY_ATTRIBUTE_PRIVATE : 0);
	else
		agent_expect_ok(s->agent, &op, VERDICT_ABI, "conversion asked for by the guest");
}

/* Punch a range that may lie across both files. */
static void punch(const struct scene *s, uint32_t first, uint32_t pages)
{
	uint32_t end = first + pages;

	if (first < SLOT_PAGES)
		gmem_punch(s->ram[0]->gmem, first * PAGE,
			   ((end < SLOT_PAGES ? end : SLOT_PAGES) - first) * PAGE);
	if (end > SLOT_PAGES) {
		first = first > SLOT_PAGES ? first : SLOT_PAGES;
		gmem_punch(s->ram[1]->gmem, (first - SLOT_PAGES) * PAGE, (end - first) * PAGE);
	}
}

static void require_separate(const struct scene *s)
{
	if (policy_contents(s->vm->type, false, false) != POLICY_SEPARATE ||
	    policy_contents(s->vm->type, false, true) != POLICY_SEPARATE)
		verdict_skip("VM type %s does not keep contents across conversions",
			     s->vm->type->name);
}

static void run_shape(const struct run *run)
{
	const struct shape *shape = run->arg;
	uint32_t first = shape->first, pages = shape->pages;
	struct scene s;

	scene_open(&s);
	require_separate(&s);
	guest_fill(&s, 0, PAGES, PRIVATE_FIRST);
	host_fill(&s, 0, PAGES, SHARED_FIRST);
	guest_verify(&s, 0, PAGES, PRIVATE_FIRST, "private copy after the host wrote the shared one");

	convert(&s, shape, false);
	guest_verify(&s, first, pages, SHARED_FIRST, "shared copy seen by the guest");
	verify_neighbours(&s, shape);
	guest_fill(&s, first, pages, SHARED_GUEST);
	host_verify(&s, first, pages, SHARED_GUEST, "guest's writes to the shared copy");
	if (shape->punch)
		punch(&s, first, pages);
	host_verify(&s, first, pages, SHARED_GUEST, "shared copy after the private one was punched");

	convert(&s, shape, true);
	if (shape->punch)
		agent_check_zero(s.agent, GPA + first * PAGE, pages * PAGE, "punched private copy");
	else
		guest_verify(&s, first, pages, PRIVATE_FIRST, "private copy after there and back");
	verify_neighbours(&s, shape);
	guest_fill(&s, first, pages, PRIVATE_SECOND);
	host_verify(&s, first, pages, SHARED_GUEST, "shared copy while the guest writes the private one");
	host_fill(&s, first, pages, SHARED_HOST);
	guest_verify(&s, first, pages, PRIVATE_SECOND, "private copy while the host writes the shared one");

	convert(&s, shape, false);
	guest_verify(&s, first, pages, SHARED_HOST, "shared copy after the host wrote it");
	verify_neighbours(&s, shape);
	scene_close(&s);
}

/* Two slots on one file, at offsets: each guest page has its own page of the file. */
static void run_offsets(const struct run *run)
{
	struct vm *vm = vm_create(memory_vm_type(MEMORY_PRIVATE));
	struct agent *a = agent_create(vm, 0, -1);
	const uint64_t size = 8 * PAGE, second = GPA + 64 * PAGE;
	const uint64_t one = token_make(vm->number, TOKEN_ACTOR_FILL, 1, 0, 0);
	const uint64_t two = token_make(vm->number, TOKEN_ACTOR_FILL, 2, 0, 0);
	int gmem;

	(void)run;
	gmem_require(vm, memory_gmem_flags(MEMORY_PRIVATE));
	gmem = gmem_create(vm, 32 * PAGE, memory_gmem_flags(MEMORY_PRIVATE));
	/* The file's order is the reverse of the guest's. */
	memory_create_on(vm, MEMORY_PRIVATE, GPA, size, gmem, 16 * PAGE);
	memory_create_on(vm, MEMORY_PRIVATE, second, size, gmem, 3 * PAGE);
	agent_fill(a, GPA, GPA, size, one);
	agent_fill(a, second, second, size, two);
	gmem_punch(gmem, 17 * PAGE, PAGE);
	gmem_punch(gmem, 10 * PAGE, PAGE);
	gmem_punch(gmem, 11 * PAGE, 5 * PAGE);
	agent_check_zero(a, GPA + PAGE, PAGE, "page 1 of the first slot, punched at its offset");
	agent_check_zero(a, second + 7 * PAGE, PAGE, "page 7 of the second slot, punched at its offset");
	agent_verify(a, GPA, GPA, PAGE, one, "page 0 of the first slot");
	agent_verify(a, GPA, GPA + 2 * PAGE, 6 * PAGE, one, "rest of the first slot");
	agent_verify(a, second, second, 7 * PAGE, two, "rest of the second slot");
}

/* The host maps a part of the file: what it reads there is what the guest wrote there. */
static void run_mapping(const struct run *run)
{
	struct vm *vm = vm_create(memory_vm_type(MEMORY_SHARED));
	struct agent *a = agent_create(vm, 0, -1);
	struct memory *ram = memory_create(vm, MEMORY_SHARED, GPA, 16 * PAGE);
	const uint64_t token = token_make(vm->number, TOKEN_ACTOR_FILL, 1, 0, 0);
	uint64_t *part;
	uint32_t i;

	(void)run;
	agent_fill(a, GPA, GPA, 16 * PAGE, token);
	part = gmem_map(ram->gmem, 5 * PAGE, 4 * PAGE);
	for (i = 0; i < 4 * PAGE / 8; i++) {
		uint64_t page = 5 * PAGE / TOKEN_PAGE_SIZE + i / TOKEN_WORDS;
		uint64_t expected = token_at(token, page, i % TOKEN_WORDS);

		if (part[i] != expected)
			diagnose_fail(diagnose_class(part[i], expected, vm->number, page,
						     i % TOKEN_WORDS),
				      "mapping at page 5 of the file", GPA + 5 * PAGE + 8 * i,
				      part[i], expected);
	}
	part[3] = 0;
	if (agent_read(a, GPA + 5 * PAGE + 24))
		verdict_fail(VERDICT_LOST_WRITE, "write through a mapping at page 5 of the file did not reach the guest's page 5");
}

#define SHAPE(...)	run_shape, &(const struct shape){ __VA_ARGS__ }
#define CLAIM_KEEP	"both copies and all neighbours keep their contents there and back"
#define CLAIM_PUNCH	"the punched private copy is zero, everything else keeps its contents"

static const struct subtest subtests[] = {
	{ "content/host-first", CLAIM_KEEP, SHAPE(0, 1, BY_HOST) },
	{ "content/host-middle", CLAIM_KEEP, SHAPE(HUGE / 2, 3, BY_HOST) },
	{ "content/host-last", CLAIM_KEEP, SHAPE(PAGES - 1, 1, BY_HOST) },
	{ "content/host-all", CLAIM_KEEP, SHAPE(0, PAGES, BY_HOST) },
	{ "content/host-huge", CLAIM_KEEP, SHAPE(HUGE, HUGE, BY_HOST) },
	{ "content/host-one-of-huge", CLAIM_KEEP, SHAPE(HUGE + HUGE / 2, 1, BY_HOST) },
	{ "content/host-two-slots", CLAIM_KEEP, SHAPE(SLOT_PAGES - 2, 4, BY_HOST) },
	{ "content/guest-first", CLAIM_KEEP, SHAPE(0, 1, BY_HYPERCALL) },
	{ "content/guest-middle", CLAIM_KEEP, SHAPE(HUGE / 2, 3, BY_HYPERCALL) },
	{ "content/guest-last", CLAIM_KEEP, SHAPE(PAGES - 1, 1, BY_HYPERCALL) },
	{ "content/guest-all", CLAIM_KEEP, SHAPE(0, PAGES, BY_HYPERCALL) },
	{ "content/guest-huge", CLAIM_KEEP, SHAPE(HUGE, HUGE, BY_HYPERCALL) },
	{ "content/guest-one-of-huge", CLAIM_KEEP, SHAPE(HUGE + HUGE / 2, 1, BY_HYPERCALL) },
	{ "content/guest-two-slots", CLAIM_KEEP, SHAPE(SLOT_PAGES - 2, 4, BY_HYPERCALL) },
	{ "content/punch-first", CLAIM_PUNCH, SHAPE(0, 1, BY_HYPERCALL, true) },
	{ "content/punch-last", CLAIM_PUNCH, SHAPE(PAGES - 1, 1, BY_HOST, true) },
	{ "content/punch-one-of-huge", CLAIM_PUNCH, SHAPE(HUGE + HUGE / 2, 1, BY_HYPERCALL, true) },
	{ "content/punch-two-slots", CLAIM_PUNCH, SHAPE(SLOT_PAGES - 2, 4, BY_HOST, true) },
	{ "content/punch-all", CLAIM_PUNCH, SHAPE(0, PAGES, BY_HOST, true) },
	{ "content/file-offsets", "slots at offsets of one file reach the pages at those offsets",
	  run_offsets },
	{ "content/mapping-offset", "a mapping at an offset shows the pages that the guest has there",
	  run_mapping },
};

TEST_PROGRAM("gmem_content_test", subtests)
