// SPDX-License-Identifier: GPL-2.0-only
/*
 * Executing from guest memory.  Without FEAT_DIC a page is mapped without execute
 * permission until an instruction is fetched from it, and that fault has to add the
 * permission to the mapping that is there, not start again from nothing: 9be19df816de was a
 * vCPU that took the same fault for ever.
 *
 * Code that is written, punched and written again also shows whether instruction fetch
 * follows where data accesses go.
 */
#include <sched.h>
#include <string.h>
#include "abi/arm64/agent_arch.h"
#include "abi/arm64/code.h"
#include "harness/page.h"
#include "harness/runner.h"
#include "machine/agent.h"
#include "machine/gmem.h"
#include "memory/memory.h"
#include "scenario/scene.h"

#define GPA		AGENT_TEST_GPA
#define PAGES		32
#define EC_UNDEFINED	0	/* what a word of zero is */

/* Let the guest write a function and call it. */
static void store_and_call(struct scene *s, uint64_t gpa, uint64_t value)
{
	struct agent_op op = { .opcode = AGENT_OP_EXECUTE, .gpa = gpa, .value = value, .arg = 1 };
	uint64_t found = agent_expect_ok(s->agent, &op, VERDICT_PERMISSION, "guest execute");

	if (found != value)
		verdict_fail(VERDICT_STALE_MAPPING,
			     "gpa %#llx: code that returns %#llx returned %#llx",
			     (unsigned long long)gpa, (unsigned long long)value,
			     (unsigned long long)found);
}

/* Call what is there. */
static const struct agent_result *call(struct scene *s, uint64_t gpa)
{
	struct agent_op op = { .opcode = AGENT_OP_EXECUTE, .gpa = gpa };

	return agent_run(s->agent, &op);
}

static void expect_undefined(struct scene *s, const struct agent_result *r, const char *what)
{
	char text[300];

	if (r->status == AGENT_EXCEPTION && AGENT_EC(r->error_code) == EC_UNDEFINED)
		return;
	if (r->status == AGENT_OK)
		verdict_fail(VERDICT_STALE_MAPPING, "%s: old code ran, and returned %#llx", what,
			     (unsigned long long)r->value);
	agent_describe(s->agent, text, sizeof(text));
	verdict_fail(VERDICT_ABI, "%s: expected an undefined instruction, got %s", what, text);
}

/* The host's own copy of a function, fetchable by every CPU. */
static void host_store(struct scene *s, uint64_t gpa, uint64_t value)
{
	char *word = (char *)memory_word(s->ram, gpa);

	code_return((uint32_t *)word, value);
	__builtin___clear_cache(word, word + CODE_WORDS * sizeof(uint32_t));
}

static void run_written(const struct run *run)
{
	struct scene s = scene_open(*(const enum memory_kind *)run->arg, PAGES * PAGE);
	uint64_t round, page;

	for (round = 0; round < run->iterations; round++) {
		for (page = 0; page < PAGES; page++)
			store_and_call(&s, GPA + page * PAGE, round << 32 | (page + 1));
		verdict_progress();
	}
	scene_close(&s);
}

/*
 * Without cache maintenance nobody promises which code runs: the new one, the old one, or
 * what was in memory before the cache was written back.  But the call comes to an end.
 */
static void run_unsynced(const struct run *run)
{
	struct scene s = scene_open(MEMORY_SHARED, PAGES * PAGE);
	uint64_t round, word, code[(CODE_WORDS + 1) / 2];

	for (round = 0; round < run->iterations; round++) {
		uint64_t gpa = GPA + round % PAGES * PAGE;
		const struct agent_result *r;

		memset(code, 0, sizeof(code));
		code_return((uint32_t *)code, round + 1);
		for (word = 0; word < sizeof(code) / 8; word++)
			agent_write(s.agent, gpa + 8 * word, code[word]);
		r = call(&s, gpa);
		if (r->status == AGENT_OK && r->value > round + 1)
			verdict_fail(VERDICT_NOT_SCRUBBED, "code of nobody returned %#llx",
				     (unsigned long long)r->value);
		if (r->status != AGENT_OK)
			expect_undefined(&s, r, "code without cache maintenance");
		verdict_progress();
	}
	scene_close(&s);
}

static void run_punched(const struct run *run)
{
	struct scene s = scene_open(MEMORY_SHARED, PAGES * PAGE);
	uint64_t round;

	for (round = 0; round < run->iterations; round++) {
		uint64_t gpa = GPA + round % PAGES * PAGE;
		const struct agent_result *r;

		store_and_call(&s, gpa, round + 1);
		gmem_punch(s.ram->gmem, gpa - GPA, PAGE);
		expect_undefined(&s, call(&s, gpa), "after a punch");
		gmem_punch(s.ram->gmem, gpa - GPA, PAGE);
		host_store(&s, gpa, ~round);
		r = call(&s, gpa);
		if (r->status != AGENT_OK || r->value != ~round)
			verdict_fail(VERDICT_STALE_MAPPING,
				     "code written by the host: status %u, returned %#llx, expected %#llx",
				     r->status, (unsigned long long)r->value,
				     (unsigned long long)~round);
		verdict_progress();
	}
	scene_close(&s);
}

/* Wait until the guest has counted on from @from by @by, or has left its loop. */
static uint64_t wait_for_count(struct agent *a, const uint64_t *counter, uint64_t from,
			       uint64_t by)
{
	uint64_t count;
	bool idle;

	do {
		sched_yield();
		idle = __atomic_load_n(&a->mb->state, __ATOMIC_ACQUIRE) == AGENT_IDLE;
		count = __atomic_load_n(counter, __ATOMIC_ACQUIRE);
	} while (count < from + by && !idle);
	verdict_progress();
	return count;
}

/* After the punch has returned the loop may finish the turn that it is in, and no more. */
#define TURNS_MAX	1000

static void punch_under_loop(struct scene *s, uint64_t gpa, uint64_t counter_gpa)
{
	struct agent_op op = { .opcode = AGENT_OP_EXECUTE, .gpa = gpa, .value = counter_gpa };
	uint64_t *counter = vm_control_ptr(s->vm, counter_gpa), count;
	char *word = (char *)memory_word(s->ram, gpa);

	code_count((uint32_t *)word);
	__builtin___clear_cache(word, word + CODE_WORDS * sizeof(uint32_t));
	*counter = 0;
	agent_post(s->agent, &op);
	wait_for_count(s->agent, counter, 0, 2);
	gmem_punch(s->ram->gmem, gpa - GPA, PAGE);
	count = __atomic_load_n(counter, __ATOMIC_ACQUIRE);
	if (wait_for_count(s->agent, counter, count, TURNS_MAX) >= count + TURNS_MAX)
		verdict_fail(VERDICT_STALE_MAPPING,
			     "%u turns of a loop in a page after the punch of it had returned",
			     TURNS_MAX);
	expect_undefined(s, agent_wait(s->agent), "punch of a page that runs");
}

static void run_loop(const struct run *run)
{
	struct scene s = scene_open(MEMORY_SHARED, PAGES * PAGE);
	uint64_t counter_gpa = vm_control_alloc(s.vm, sizeof(uint64_t)), round, met = 0;
	const uint64_t *counter = vm_control_ptr(s.vm, counter_gpa);

	for (round = 0; round < run->iterations; round++) {
		punch_under_loop(&s, GPA + round % PAGES * PAGE, counter_gpa);
		met += *counter >= 2;
	}
	scene_close(&s);
	verdict_exercised(run->iterations, met);
}

enum access { READ, WRITE, EXECUTE, ACCESSES };

static void use(struct scene *s, uint64_t gpa, enum access access, uint64_t value)
{
	const uint64_t data = gpa + PAGE - 8;
	const struct agent_result *r;

	if (access == WRITE) {
		agent_write(s->agent, data, value);
	} else if (access == READ) {
		agent_read(s->agent, data);
	} else {
		r = call(s, gpa);
		if (r->status != AGENT_OK || r->value != value)
			verdict_fail(VERDICT_PERMISSION,
				     "gpa %#llx: execution ended with status %u, %#llx, expected %#llx",
				     (unsigned long long)gpa, r->status,
				     (unsigned long long)r->value, (unsigned long long)value);
	}
}

/* Every order of three accesses, each on a page that the guest has not touched before. */
static void run_orders(const struct run *run)
{
	struct scene s = scene_open(*(const enum memory_kind *)run->arg, PAGES * PAGE);
	unsigned int order, i;

	for (order = 0; order < ACCESSES * ACCESSES * ACCESSES; order++) {
		uint64_t gpa = GPA + order * PAGE, value = order + 1;
		unsigned int rest = order;
		bool written = false;

		host_store(&s, gpa, value);
		for (i = 0; i < 3; i++, rest /= ACCESSES) {
			use(&s, gpa, rest % ACCESSES, value);
			written |= rest % ACCESSES == WRITE;
		}
		if (*memory_word(s.ram, gpa + PAGE - 8) != (written ? value : 0))
			verdict_fail(VERDICT_LOST_WRITE, "order %u of accesses: found %#llx", order,
				     (unsigned long long)*memory_word(s.ram, gpa + PAGE - 8));
		verdict_progress();
	}
	scene_close(&s);
}

#define ON(kind)	&(const enum memory_kind){ kind }

static const struct subtest subtests[] = {
	{ "exec/written-gmem", "code that the guest wrote to guest_memfd and made fetchable runs",
	  run_written, ON(MEMORY_SHARED) },
	{ "exec/written-anonymous",
	  "code that the guest wrote to anonymous memory and made fetchable runs",
	  run_written, ON(MEMORY_ANON) },
	{ "exec/unsynced", "calling code without cache maintenance comes to an end", run_unsynced },
	{ "exec/punched", "punched code does not run, and new code in its place does",
	  run_punched },
	{ "exec/loop", "a vCPU leaves a page that it executes when the page is punched", run_loop },
	{ "exec/orders-gmem", "reads, writes and execution in guest_memfd succeed in any order",
	  run_orders, ON(MEMORY_SHARED) },
	{ "exec/orders-anonymous",
	  "reads, writes and execution in anonymous memory succeed in any order",
	  run_orders, ON(MEMORY_ANON) },
};

TEST_PROGRAM("gmem_exec_test", subtests)
