// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instructions that KVM emulates.  A move between memory and a hole is one: the CPU leaves it
 * to KVM, which has to find the memory that the guest sees, by the attributes of the page.
 */
#include <stdio.h>
#include "abi/x86/agent_arch.h"
#include "harness/known_issues.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/agent.h"
#include "machine/attributes.h"
#include "memory/memory.h"
#include "scenario/scene.h"

#define GPA		AGENT_TEST_GPA
#define HOLE		(AGENT_TEST_GPA + (1ull << 30))

/* What the guest put there, and what is in the other copy of the page. */
#define GUEST_VALUE	0x6e5767e57a1e0001ull
#define OTHER_VALUE	0x07e27a1e00000002ull

static struct scene open_page(enum memory_kind kind)
{
	struct scene s = scene_open(kind, page_size());

	if (s.kind == MEMORY_SPLIT)
		*memory_word(s.ram, GPA) = OTHER_VALUE;
	agent_write(s.agent, GPA, GUEST_VALUE);
	return s;
}

/* Where there are two copies, the other one tells which KVM took. */
static const char *other_copy(const struct scene *s)
{
	static char text[60];

	if (s->kind == MEMORY_SPLIT)
		snprintf(text, sizeof(text), ", the shared copy holds %#llx",
			 (unsigned long long)*memory_word(s->ram, GPA));
	return text;
}

static void move(struct scene *s, uint64_t from, uint64_t to)
{
	const struct agent_op op = { .opcode = AGENT_OP_MOVS, .gpa = from, .arg = to };

	agent_expect_ok(s->agent, &op, VERDICT_ABI, "movs");
	if (s->agent->fault.kind != VCPU_EXIT_MMIO || !s->agent->mmio)
		verdict_fail(VERDICT_ABI, "a move between memory and a hole caused no MMIO exit");
}

static void from_memory(const struct run *run)
{
	struct scene s = open_page(*(const enum memory_kind *)run->arg);

	move(&s, GPA, HOLE);
	if (s.agent->fault.data != GUEST_VALUE)
		verdict_fail(VERDICT_WRONG_PAGE,
			     "a move from %s memory to a hole moved %#llx; the guest had stored %#llx%s",
			     memory_kind_name(s.kind), (unsigned long long)s.agent->fault.data,
			     (unsigned long long)GUEST_VALUE, other_copy(&s));
	scene_close(&s);
}

static void to_memory(const struct run *run)
{
	struct scene s = open_page(*(const enum memory_kind *)run->arg);
	uint64_t found;

	move(&s, HOLE, GPA);
	found = agent_read(s.agent, GPA);
	if (found != WATCH_ABSENT)
		verdict_fail(VERDICT_WRONG_PAGE,
			     "a move of %#llx from a hole to %s memory: the guest reads %#llx%s",
			     (unsigned long long)WATCH_ABSENT, memory_kind_name(s.kind),
			     (unsigned long long)found, other_copy(&s));
	scene_close(&s);
}

#define ON(kind)	&(const enum memory_kind){ kind }
#define FROM		"an emulated instruction reads what the guest stored: "
#define TO		"the guest reads what an emulated instruction stored: "

static const struct subtest subtests[] = {
	{ "emulated/from-anonymous", FROM "anonymous memory", from_memory, ON(MEMORY_ANON) },
	{ "emulated/from-shared", FROM "shared guest_memfd", from_memory, ON(MEMORY_SHARED) },
	{ "emulated/from-private", FROM "private guest_memfd", from_memory, ON(MEMORY_PRIVATE),
	  &known_emulated_private },
	{ "emulated/from-sealed", FROM "guest_memfd that the host may not access", from_memory,
	  ON(MEMORY_SEALED), &known_emulated_private },
	{ "emulated/to-anonymous", TO "anonymous memory", to_memory, ON(MEMORY_ANON) },
	{ "emulated/to-shared", TO "shared guest_memfd", to_memory, ON(MEMORY_SHARED) },
	{ "emulated/to-private", TO "private guest_memfd", to_memory, ON(MEMORY_PRIVATE),
	  &known_emulated_private },
	{ "emulated/to-sealed", TO "guest_memfd that the host may not access", to_memory,
	  ON(MEMORY_SEALED), &known_emulated_private },
};

TEST_PROGRAM("gmem_emulated_test", subtests)
