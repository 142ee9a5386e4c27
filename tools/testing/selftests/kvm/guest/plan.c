// SPDX-License-Identifier: GPL-2.0-only
/* Execute a vCPU's list of a plan in the guest, and log what was done. */
#include "abi/word.h"
#include "guest/guest.h"

static uint64_t *op_word(const struct agent_plan *plan, const struct plan_op *op, uint32_t word)
{
	return (uint64_t *)(plan->base + op->page * plan->page_size +
			    token_offset(plan->page_size, word));
}

static void log_event(struct agent_plan *plan, const struct plan_op *op, uint8_t kind,
		      uint64_t value, uint64_t begin, uint64_t end, uint8_t flags)
{
	struct event event = {
		.begin = begin,
		.end = end,
		.value = value,
		.page = op->page,
		.pages = kind == EVENT_CONVERT ? op->pages : 1,
		.word = kind == EVENT_CONVERT ? 0 : op->word,
		.kind = kind,
		.flags = flags,
	};

	history_log_append((struct history_log *)plan->log, &event);
}

static uint64_t next_token(struct agent_plan *plan, const struct plan_op *op)
{
	return token_make(plan->vm, plan->actor, ++plan->seq, op->page, op->word);
}

/* Read, write or both: @kind says which; the value found, if any, and the value left. */
static void access(struct agent_mailbox *mb, struct agent_plan *plan, const struct plan_op *op,
		   struct plan_span *span)
{
	struct agent_control *control = (struct agent_control *)mb->control;
	uint64_t *word = op_word(plan, op, op->word), found = 0, token = 0, holes = mb->mmio;
	uint8_t atomic = op->kind == PLAN_EXCHANGE ? EVENT_ATOMIC : 0;
	uint64_t begin = span->begin, end;

	if (op->kind != PLAN_READ)
		token = next_token(plan, op);
	if (op->kind == PLAN_READ)
		found = word_load(word);
	else if (op->kind == PLAN_WRITE)
		word_store(word, token);
	else
		found = word_exchange(word, token);
	end = history_ticket(&control->ticket);
	span->end = end;

	/* Through a hole reads see nothing; a write may have, if the word came back in time. */
	if (__atomic_load_n(&mb->mmio, __ATOMIC_RELAXED) != holes) {
		plan->holes++;
		if (op->kind != PLAN_READ)
			log_event(plan, op, EVENT_WRITE, token, begin, end, EVENT_MAYBE);
		return;
	}
	if (op->kind != PLAN_WRITE)
		log_event(plan, op, EVENT_READ, found, begin, end, atomic);
	if (op->kind != PLAN_READ)
		log_event(plan, op, EVENT_WRITE, token, begin, end, atomic);
}

/*
 * Only the last look at a value and the first one at another are logged: what came before
 * says less.
 */
static void poll(struct agent_mailbox *mb, struct agent_plan *plan, const struct plan_op *op,
		 struct plan_span *span)
{
	struct agent_control *control = (struct agent_control *)mb->control;
	uint64_t *word = op_word(plan, op, op->word), holes = mb->mmio;
	uint64_t found = 0, begin = 0, end = 0, now, now_begin = span->begin, now_end;
	uint32_t looks;

	for (looks = 0; looks < PLAN_LOOKS; looks++) {
		now = word_load(word);
		now_end = history_ticket(&control->ticket);
		span->end = now_end;
		if (__atomic_load_n(&mb->mmio, __ATOMIC_RELAXED) != holes) {
			plan->holes++;
			break;
		}
		if (looks && now != found) {
			log_event(plan, op, EVENT_READ, found, begin, end, 0);
			log_event(plan, op, EVENT_READ, now, now_begin, now_end, 0);
			return;
		}
		found = now;
		begin = now_begin;
		end = now_end;
		now_begin = history_ticket(&control->ticket);
	}
	if (looks)
		log_event(plan, op, EVENT_READ, found, begin, end, 0);
}

static void convert(struct agent_mailbox *mb, struct agent_plan *plan, const struct plan_op *op,
		    struct plan_span *span)
{
	struct agent_control *control = (struct agent_control *)mb->control;
	int to_private = op->flags & PLAN_TO_PRIVATE;
	int64_t error = arch_convert(plan->gpa + op->page * plan->page_size,
				     op->pages * plan->page_size, to_private);

	span->end = history_ticket(&control->ticket);
	log_event(plan, op, EVENT_CONVERT, !to_private, span->begin, span->end,
		  error ? EVENT_MAYBE : 0);
}

static void step(struct agent_mailbox *mb, struct agent_plan *plan, const struct plan_op *op,
		 struct plan_span *span)
{
	struct agent_control *control = (struct agent_control *)mb->control;

	switch (op->kind) {
	case PLAN_READ:
	case PLAN_WRITE:
	case PLAN_EXCHANGE:
		access(mb, plan, op, span);
		break;
	case PLAN_POLL:
		poll(mb, plan, op, span);
		break;
	case PLAN_EXECUTE:
		arch_execute(op_word(plan, op, PLAN_CODE_WORD), plan->seq,
			     !(op->flags & PLAN_AS_IS));
		span->end = history_ticket(&control->ticket);
		break;
	case PLAN_GUEST_CONVERT:
		convert(mb, plan, op, span);
		break;
	}
}

/* The host gave the operation up: what it would have written may be there or not. */
static void gave_up(struct agent_mailbox *mb, struct agent_plan *plan, const struct plan_op *op,
		    struct plan_span *span)
{
	struct agent_control *control = (struct agent_control *)mb->control;
	uint64_t token;

	plan->gave_up++;
	span->end = history_ticket(&control->ticket);
	if (op->kind != PLAN_WRITE && op->kind != PLAN_EXCHANGE)
		return;
	token = token_make(plan->vm, plan->actor, plan->seq, op->page, op->word);
	log_event(plan, op, EVENT_WRITE, token, span->begin, span->end, EVENT_MAYBE);
}

/* Not with arch_relax(): hypervisors intercept PAUSE and its like. */
static void wait(uint32_t turns)
{
	volatile uint32_t left = turns;

	while (left)
		left--;
}

uint32_t plan_step(struct agent_mailbox *mb, struct agent_plan *plan)
{
	struct agent_control *control = (struct agent_control *)mb->control;
	const struct plan_op *ops = (const struct plan_op *)plan->ops;
	struct plan_span *spans = (struct plan_span *)plan->spans;

	spans[plan->next].begin = history_ticket(&control->ticket);
	/* An exception comes back here a second time; plan->next is where it was. */
	if (!arch_context_save(mb->context)) {
		step(mb, plan, &ops[plan->next], &spans[plan->next]);
		return AGENT_OK;
	}
	/* Code that was punched away while it ran is no fault of anybody. */
	if (mb->result.status != AGENT_ABORTED && ops[plan->next].kind != PLAN_EXECUTE)
		return mb->result.status;
	gave_up(mb, plan, &ops[plan->next], &spans[plan->next]);
	return AGENT_OK;
}

uint32_t plan_execute(struct agent_mailbox *mb, struct agent_plan *plan)
{
	const struct plan_op *ops = (const struct plan_op *)plan->ops;
	uint32_t status;

	for (plan->next = 0; plan->next < plan->count; plan->next++) {
		if (__atomic_load_n(&mb->stop, __ATOMIC_RELAXED))
			break;
		wait(ops[plan->next].delay);
		status = plan_step(mb, plan);
		if (status != AGENT_OK)
			return status;
	}
	return AGENT_OK;
}
