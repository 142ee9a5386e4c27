// SPDX-License-Identifier: GPL-2.0-only
/* One round of a race: prepare, collide, check, restore, look. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "harness/verdict.h"
#include "memory/memory_operation.h"
#include "race/interrupt_parts.h"
#include "race/round_parts.h"
#include "race/side_parts.h"

void race_fail(const struct race *r, enum verdict_class cls, const char *fmt, ...)
{
	char text[1700];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	verdict_fail(cls, "%s, VM type %s, %s and %s, race %llu on page %u word %u: %s",
		     memory_kind_name(r->kind), r->stage->vm->type->name, r->side[0]->name,
		     r->side[1]->name, (unsigned long long)r->races, r->page, r->word, text);
}

void race_log(struct race *r, struct stage_host *h, struct event event)
{
	(void)r;
	history_log_append(h->log, &event);
}

void race_host_turn(struct race_actor *a)
{
	struct race *r = a->race;

	fuzzy_begin(r->sync.gate, a->k, fuzzy_yield);
	race_interrupt_begin(r->interrupt, a->k);
	a->begin = race_ticket(r);
	a->error = race_side_run(r, a);
	a->end = race_ticket(r);
	fuzzy_end(r->sync.gate, a->k);
	fuzzy_leave(r->sync.gate, a->k);
}

/* Where, and which words; code has words of its own. */
static void choose(struct race *r)
{
	bool wide = !prng_below(&r->prng, 4);

	r->page = prng_below(&r->prng, RACE_PAGES);
	r->pages = wide ? 1 + prng_below(&r->prng, RACE_RANGE) : 1;
	r->first = r->page - prng_below(&r->prng, r->pages);
	if (r->first > r->page)
		r->first = 0;
	if (r->first + r->pages > RACE_PAGES)
		r->first = RACE_PAGES - r->pages;
	do {
		r->word = prng_below(&r->prng, 3) ? prng_below(&r->prng, TOKEN_WORDS) :
			  prng_below(&r->prng, 2) * (TOKEN_WORDS - 1);
	} while (r->word >= PLAN_CODE_WORD && r->word < PLAN_CODE_WORD + PLAN_CODE_WORDS);
}

static bool converts(const struct race *r)
{
	return memory_kind_converts(r->kind);
}

static void convert(struct race *r, bool shared)
{
	race_operate(r, shared ? OP_TO_SHARED : OP_TO_PRIVATE);
}

/*
 * Take the guest's mapping of the range away, and leave its contents.  A sealed file is in no
 * page table of the host, so that only its memslot's deletion reaches the guest's.
 */
static void zap(struct race *r)
{
	const enum operation_id id = r->kind == MEMORY_SEALED ? OP_SLOT_DELETE : OP_PROTECT;

	if (converts(r)) {
		convert(r, !r->shared);
		convert(r, r->shared);
	} else {
		race_operate(r, id);
		memory_undo(r->stage->memory, id, r->first, r->pages);
	}
}

/* Take its contents away as well: the next access is the first one. */
static void empty(struct race *r)
{
	if (r->kind != MEMORY_ANON)
		race_operate(r, OP_PUNCH);
	if (!memory_kind_mapped(r->kind))
		race_operate(r, OP_DISCARD);
}

static void set_operations(struct race *r)
{
	uint32_t i, k;

	for (i = 0; i < r->pages; i++) {
		race_guest_set(&r->guest[0], RACE_OP_FILL + i, PLAN_WRITE, r->first + i);
		race_guest_set(&r->guest[0], RACE_OP_LOOK + i, PLAN_READ, r->first + i);
	}
	for (k = 0; k < 2; k++)
		if (r->side[k]->guest)
			race_guest_set(&r->guest[r->actor[k].vcpu], RACE_OP_SIDE0 + k,
				       r->side[k]->kind, r->page);
}

/* Contents that name this round, mapped by the guest, or not any more; or no page yet. */
static void prepare(struct race *r)
{
	uint32_t state = prng_below(&r->prng, 8), k;

	choose(r);
	set_operations(r);
	if (converts(r)) {
		r->shared = race_flagged(r, OPERATION_MAPPING) || !prng_below(&r->prng, 4);
		convert(r, r->shared);
	}
	if (race_interrupt_round(r->interrupt)) {
		/* Kept mapped; and pages of this CPU's node, where they are looked for. */
		state = 7;
		empty(r);
		race_operate(r, OP_ALLOCATE);
	}
	race_guest_alone(&r->guest[0], RACE_OP_FILL, r->pages);
	if (state < 3)
		empty(r);
	else if (state < 7)
		zap(r);
	for (k = 0; k < 2; k++)
		race_side_prepare(r, k);
}

/* No race: the vCPU waits in the guest, where it was called to its next turn, all the while. */
static void happen(struct race *r)
{
	race_guest_alone(&r->guest[0], RACE_OP_LOOK, 0);
	r->stayed += race_guest_call(&r->guest[0]);
	fuzzy_alone(&r->sync, 1, 0);
	race_host_turn(&r->actor[1]);
}

static void collide(struct race *r)
{
	unsigned int k;

	race_guest_linger(&r->guest[0], r->sync.start == FUZZY_MEET);
	for (k = 0; k < 2; k++)
		if (r->side[k]->guest)
			race_guest_call(&r->guest[r->actor[k].vcpu]);
	race_interrupt_arm(r->interrupt, true);
	if (r->naive)
		fuzzy_let(&r->sync, AGENT_RACE_COMMAND(RACE_OP_SIDE0, 1),
			  AGENT_RACE_COMMAND(RACE_OP_SIDE1, 1));
	else
		fuzzy_aim(&r->sync, AGENT_RACE_COMMAND(RACE_OP_SIDE0, 1),
			  AGENT_RACE_COMMAND(RACE_OP_SIDE1, 1));
	for (k = 0; k < 2; k++)
		if (!r->side[k]->guest && !r->actor[k].helper)
			race_host_turn(&r->actor[k]);
	for (k = 0; k < 2; k++) {
		if (r->side[k]->guest)
			race_guest_await(&r->guest[r->actor[k].vcpu]);
		else
			fuzzy_await(&r->sync, k);
	}
	race_interrupt_arm(r->interrupt, false);
	fuzzy_learn(&r->sync);
}

static void check_errors(struct race *r)
{
	unsigned int k;

	for (k = 0; k < 2; k++) {
		const struct race_side *side = r->side[k];
		int error = -r->actor[k].error;

		if (side->guest)
			continue;
		if (!race_error_allowed(side, r->side[!k], r->kind, error) &&
		    !(error == EINTR && r->widen & RACE_WIDEN_SIGNAL))
			race_fail(r, VERDICT_ABI, "%s ended in errno %d (%s), expected %d (%s)",
				  side->name, error, strerror(error), side->error,
				  strerror(side->error));
		race_side_log(r, k);
	}
}

/*
 * A page is in use while the host accesses it, and for no other reason: KVM's own faults hold no
 * reference, and what CPUs have not yet added to a list the conversion waits for.
 */
static void check_busy(const struct race *r, uint64_t before)
{
	const uint64_t busy = r->stage->memory->busy - before;

	if (busy && !race_flagged(r, OPERATION_MAPPING))
		race_fail(r, VERDICT_ABI,
			  "KVM_SET_MEMORY_ATTRIBUTES2: EAGAIN, %llu times, for pages that the host does not touch",
			  (unsigned long long)busy);
}

/* Accesses that were given up and those that met a hole, of all vCPUs. */
static uint64_t failed_accesses(const struct race *r)
{
	unsigned int v;
	uint64_t n = 0;

	for (v = 0; v < r->stage->config.vcpus; v++)
		n += r->guest[v].race ? r->guest[v].plan->gave_up + r->guest[v].plan->holes : 0;
	return n;
}

/* A fault or a hole where memory was there all the time, and nobody took it away? */
static void check_access(const struct race *r, uint64_t before, const char *when)
{
	char text[200];

	if (failed_accesses(r) == before)
		return;
	/* Once a hole, for ever one: what else there is to see cannot be seen any more. */
	if (r->stage->memory->vm->type->encrypted && race_takes_memslot(r->side[0], r->side[1]) &&
	    r->guest[0].agent->fault.kind == VCPU_EXIT_MMIO)
		verdict_skip("a vCPU met the hole while a memslot was away, and goes on meeting it (docs/findings.md, 15)");
	vcpu_exit_describe(&r->guest[0].agent->fault, text, sizeof(text));
	race_fail(r, VERDICT_PERMISSION, "%s, a vCPU could not access memory that is there: %s",
		  when, text);
}

/*
 * What is left, seen by a vCPU and by the host.  Equal contents may hide that they look at
 * two pages: what the host writes now the vCPU has to see, if it is to see the mapping.
 */
static void look(struct race *r)
{
	struct plan_op op = { .page = r->page, .word = r->word, .pages = 1 };

	race_guest_alone(&r->guest[0], RACE_OP_LOOK, r->pages);
	op.kind = PLAN_HOST_READ;
	stage_step(&r->stage->hosts[0], &op);
	op.kind = PLAN_HOST_WRITE;
	stage_step(&r->stage->hosts[0], &op);
	race_guest_alone(&r->guest[0], RACE_OP_LOOK, r->pages);
}

static bool executes(const struct race *r)
{
	return (r->side[0]->guest && r->side[0]->kind == PLAN_EXECUTE) ||
	       (r->side[1]->guest && r->side[1]->kind == PLAN_EXECUTE);
}

static void restore(struct race *r, bool file)
{
	unsigned int k;

	for (k = 0; k < 2; k++)
		if (!!(r->side[k]->flags & OPERATION_FILE) == file)
			race_side_restore(r, k);
}

void race_round(struct race *r)
{
	const uint64_t busy = r->stage->memory->busy;
	uint64_t failed;

	prepare(r);
	failed = failed_accesses(r);
	if (r->alone)
		happen(r);
	else
		collide(r);
	check_errors(r);
	check_busy(r, busy);
	/* Code may be punched away before it runs: that is an exception, and no fault of KVM's. */
	if (!race_flagged(r, OPERATION_TAKES) && !executes(r))
		check_access(r, failed, "in the race");
	if (race_flagged(r, OPERATION_TAKES)) {
		race_guest_alone(&r->guest[0], RACE_OP_LOOK, r->pages);
		restore(r, true);
		restore(r, false);
	}
	if (r->after)
		r->after(r);
	failed = failed_accesses(r);
	look(r);
	check_access(r, failed, "after it");
	r->races++;
}
