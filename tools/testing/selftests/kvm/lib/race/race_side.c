// SPDX-License-Identifier: GPL-2.0-only
/* The sides of the matrix: accesses, and every operation of the one table (plan/operations.h). */
#include <errno.h>
#include <string.h>
#include "abi/array.h"
#include "harness/fault_guard.h"
#include "memory/memory_operation.h"
#include "plan/memory_mask.h"
#include "race/side_parts.h"

/* Accesses of one word; to-same is to-private or to-shared, whichever changes nothing. */
static const struct race_side accesses[] = {
	{ "guest-read", "a vCPU reads", ALL, .guest = true, .kind = PLAN_READ, .op = OPERATIONS },
	{ "guest-write", "a vCPU writes", ALL, .guest = true, .kind = PLAN_WRITE,
	  .op = OPERATIONS },
	{ "guest-execute", "a vCPU stores code and runs it", ALL, .guest = true,
	  .kind = PLAN_EXECUTE, .op = OPERATIONS },
	{ "host-write", "a host thread writes through the mapping", ALL,
	  .flags = OPERATION_MAPPING, .op = OPERATIONS },
};

static const struct race_side same = {
	"to-same", "the host makes the range what it is", CONVERTED,
	.op = OP_TO_PRIVATE, .same = true,
};

/* What the matrix has to know of an operation besides. */
static const uint8_t race_flags[OPERATIONS] = {
	[OP_PUNCH] = RACE_FREES,
	[OP_PRE_FAULT] = RACE_ONCE,
	[OP_OTHER_SLOT] = RACE_ONCE,
	[OP_FILE_CLOSE] = RACE_ONCE | RACE_FREES,
	[OP_FORK] = RACE_ONCE,
};

#define SIDES	(ARRAY_SIZE(accesses) + OPERATIONS + 2)

static struct race_side sides[SIDES];

static struct race_side side_of(enum operation_id id)
{
	const struct operation *o = operation_get(id);

	return (struct race_side){
		.name = o->name, .what = o->claim, .memory = o->memory, .flags = o->flags,
		.race = race_flags[id], .op = id, .error = o->error,
	};
}

const struct race_side *race_sides(void)
{
	unsigned int n = ARRAY_SIZE(accesses);
	enum operation_id id;

	if (sides[0].name)
		return sides;
	for (id = 0; id < OPERATIONS; id++) {
		/* Without a list of operations there is nothing to hold vCPUs back from. */
		if (operation_get(id)->flags & OPERATION_HELD)
			continue;
		sides[n++] = side_of(id);
		if (id == OP_TO_SHARED)
			sides[n++] = same;
	}
	memcpy(sides, accesses, sizeof(accesses));
	return sides;
}

const struct race_side *race_side_find(const char *name)
{
	const struct race_side *s;

	for (s = race_sides(); s->name; s++)
		if (!strcmp(s->name, name))
			return s;
	return NULL;
}

static enum operation_id side_op(const struct race *r, const struct race_side *side)
{
	return side->same && r->shared ? OP_TO_SHARED : side->op;
}

static int write_word(struct race *r, struct race_actor *a)
{
	uint64_t *word = memory_page_word(r->stage->memory, r->page, r->word);

	a->value = token_make(r->stage->vm->number, a->host->actor, ++a->host->seq, r->page,
			      r->word);
	return guarded_write(word, a->value) ? -EFAULT : 0;
}

int race_side_run(struct race *r, struct race_actor *a)
{
	const struct race_side *side = r->side[a->k];

	return side->op == OPERATIONS ? write_word(r, a) :
	       memory_do(r->stage->memory, side_op(r, side), r->first, r->pages);
}

void race_operate(struct race *r, enum operation_id id)
{
	struct event event = {
		.begin = race_ticket(r), .page = r->first, .pages = r->pages,
	};
	int error = memory_do(r->stage->memory, id, r->first, r->pages);

	if (error)
		race_fail(r, VERDICT_ABI, "%s, before the race: %s, expected success",
			  operation_get(id)->name, strerror(-error));
	event.end = race_ticket(r);
	if (operation_event(id, r->kind, &event))
		race_log(r, &r->stage->hosts[0], event);
}

void race_side_prepare(struct race *r, unsigned int k)
{
	const struct race_side *side = r->side[k];
	enum operation_id before = side->op == OPERATIONS || side->same ? OPERATIONS :
				   memory_prepare(side->op);

	/* A memslot that the other side needs away as well may be. */
	if (before == OP_SLOT_DELETE)
		memory_do(r->stage->memory, before, r->first, r->pages);
	else if (before != OPERATIONS)
		race_operate(r, before);
}

void race_side_log(struct race *r, unsigned int k)
{
	const struct race_side *side = r->side[k];
	struct race_actor *a = &r->actor[k];
	struct event event = {
		.begin = a->begin, .end = a->end, .page = r->first, .pages = r->pages,
	};

	if (side->op == OPERATIONS) {
		event.page = r->page;
		event.pages = 1;
		event.word = r->word;
		event.kind = EVENT_WRITE;
		event.value = a->value;
		event.flags = operation_host_copy(r->kind);
	} else if (!operation_event(side_op(r, side), r->kind, &event)) {
		return;
	}
	if (side->flags & OPERATION_WHOLE) {
		/* A fault or a child may have kept the file open until now. */
		event.end = race_ticket(r);
		event.page = 0;
		event.pages = RACE_PAGES;
	}
	if (a->error)
		event.flags |= EVENT_MAYBE;
	race_log(r, a->host, event);
}

void race_side_restore(struct race *r, unsigned int k)
{
	const struct race_side *side = r->side[k];
	struct event event = { .begin = race_ticket(r), .pages = RACE_PAGES };

	if (side->op == OPERATIONS)
		return;
	memory_undo(r->stage->memory, side->op, r->first, r->pages);
	if (!operation_undo_event(side->op, r->kind, &event))
		return;
	event.end = race_ticket(r);
	race_log(r, r->actor[k].host, event);
}

bool race_side_used_up(const struct race *r, unsigned int k)
{
	return r->side[k]->op != OPERATIONS && memory_used_up(r->stage->memory, r->side[k]->op);
}

void race_side_require(const struct race *r, unsigned int k)
{
	const char *lacks = r->side[k]->op == OPERATIONS ? NULL :
			    memory_lacks(r->stage->memory, r->side[k]->op);

	if (lacks)
		verdict_skip("%s", lacks);
}
