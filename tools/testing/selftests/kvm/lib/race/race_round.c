// SPDX-License-Identifier: GPL-2.0-only
/* One round of a race: prepare, collide, check, restore, look. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include "harness/page.h"
#include "harness/verdict.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "race/interrupt_parts.h"
#include "race/round_parts.h"

#define PAGE		page_size()

void race_fail(const struct race *r, enum verdict_class cls, const char *fmt, ...)
{
	char text[1700];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	verdict_fail(cls, "%s, VM type %s, %s and %s, race %llu on page %u slot %u: %s",
		     memory_kind_name(r->kind), r->stage->vm->type->name, r->side[0]->name,
		     r->side[1]->name, (unsigned long long)r->races, r->page, r->slot, text);
}

void race_log(struct race *r, struct stage_host *h, struct event event)
{
	(void)r;
	history_log_append(h->log, &event);
}

void race_convert(struct race *r, bool shared)
{
	struct event event = {
		.begin = race_ticket(r), .value = shared, .page = r->first, .pages = r->pages,
		.kind = EVENT_CONVERT,
	};

	attributes_set(r->stage->vm, stage_gpa(r->first), r->pages * PAGE,
		       shared ? 0 : KVM_MEMORY_ATTRIBUTE_PRIVATE);
	event.end = race_ticket(r);
	race_log(r, &r->stage->hosts[0], event);
}

void race_host_turn(struct race_actor *a)
{
	struct race *r = a->race;

	fuzzy_begin(r->sync.gate, a->k, fuzzy_yield);
	race_interrupt_begin(r->interrupt, a->k);
	a->begin = race_ticket(r);
	a->error = r->side[a->k]->run(r, a);
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
		r->slot = prng_below(&r->prng, 3) ? prng_below(&r->prng, TOKEN_SLOTS) :
			  prng_below(&r->prng, 2) * (TOKEN_SLOTS - 1);
	} while (r->slot >= PLAN_CODE_SLOT && r->slot < PLAN_CODE_SLOT + PLAN_CODE_SLOTS);
}

/* Take the guest's mapping of the range away, and leave its contents. */
static void zap(struct race *r)
{
	uint8_t *at = r->stage->hva + r->first * PAGE;

	if (r->kind == MEMORY_SPLIT) {
		race_convert(r, !r->shared);
		race_convert(r, r->shared);
	} else {
		mprotect(at, r->pages * PAGE, PROT_READ);
		mprotect(at, r->pages * PAGE, PROT_READ | PROT_WRITE);
	}
}

/* Take its contents away as well: the next access is the first one. */
static void empty(struct race *r)
{
	struct event event = {
		.begin = race_ticket(r), .page = r->first, .pages = r->pages, .kind = EVENT_RESET,
	};

	if (r->stage->gmem >= 0)
		gmem_punch(r->stage->gmem, r->first * PAGE, r->pages * PAGE);
	if (r->kind != MEMORY_SHARED)
		madvise(r->stage->hva + r->first * PAGE, r->pages * PAGE, MADV_DONTNEED);
	event.end = race_ticket(r);
	race_log(r, &r->stage->hosts[0], event);
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
	if (r->kind == MEMORY_SPLIT) {
		r->shared = race_flagged(r, RACE_MAPPING) || !prng_below(&r->prng, 4);
		race_convert(r, r->shared);
	}
	if (race_interrupt_round(r->interrupt)) {
		/* Kept mapped; and pages of this CPU's node, where they are looked for. */
		state = 7;
		empty(r);
		gmem_allocate(r->stage->gmem, r->first * PAGE, r->pages * PAGE);
	}
	race_guest_alone(&r->guest[0], RACE_OP_FILL, r->pages);
	if (state < 3)
		empty(r);
	else if (state < 7)
		zap(r);
	for (k = 0; k < 2; k++)
		if (r->side[k]->prepare)
			r->side[k]->prepare(r);
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
		if (side->log)
			side->log(r, k);
	}
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
	struct plan_op op = { .page = r->page, .slot = r->slot, .pages = 1 };

	race_guest_alone(&r->guest[0], RACE_OP_LOOK, r->pages);
	op.kind = PLAN_HOST_READ;
	stage_host_step(&r->stage->hosts[0], &op);
	op.kind = PLAN_HOST_WRITE;
	stage_host_step(&r->stage->hosts[0], &op);
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
		if (r->side[k]->restore && !!(r->side[k]->flags & RACE_FILE) == file)
			r->side[k]->restore(r);
}

void race_round(struct race *r)
{
	uint64_t failed;

	prepare(r);
	failed = failed_accesses(r);
	if (r->alone)
		happen(r);
	else
		collide(r);
	check_errors(r);
	/* What is executed may be punched away: that is an exception, and nobody's fault. */
	if (!race_flagged(r, RACE_TAKES) && !executes(r))
		check_access(r, failed, "in the race");
	if (race_flagged(r, RACE_TAKES)) {
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
