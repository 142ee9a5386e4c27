// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest agent: takes operations from its vCPU's mailbox, executes them, writes
 * results there.  Freestanding; everything that an architecture does in its own way
 * is behind guest.h.
 */
#include "abi/word.h"
#include "guest/guest.h"

static const uint8_t *private_pages(void)
{
	struct agent_control *control = (struct agent_control *)arch_mailbox()->control;

	return (const uint8_t *)control->private_pages;
}

/* The word at @offset of what an operation is about; @private as private_pages() says. */
static uint64_t *op_word_at(const struct agent_op *op, const uint8_t *private, uint64_t offset)
{
	const uint64_t gpa = op->gpa + offset;

	return (uint64_t *)(gpa + (op->flags & AGENT_OP_SHARED ? AGENT_ALIAS_SHARED :
				   agent_alias(private, gpa)));
}

static uint64_t *op_word(const struct agent_op *op)
{
	return op_word_at(op, private_pages(), 0);
}

/* The word that FILL puts at @gpa and VERIFY wants there. */
static uint64_t fill_token(const struct agent_op *op, uint64_t offset)
{
	uint64_t page = (op->gpa - op->arg + offset) / TOKEN_PAGE_SIZE;

	return token_at(op->value, page, offset % TOKEN_PAGE_SIZE / 8);
}

static uint32_t op_fill(const struct agent_op *op)
{
	const uint8_t *private = private_pages();
	uint64_t offset;

	for (offset = 0; offset < op->size; offset += 8)
		word_store(op_word_at(op, private, offset), fill_token(op, offset));
	return AGENT_OK;
}

static uint32_t op_compare(const struct agent_op *op, struct agent_result *r, int zero)
{
	const uint8_t *private = private_pages();
	uint64_t offset;

	for (offset = 0; offset < op->size; offset += 8) {
		uint64_t found = word_load(op_word_at(op, private, offset));
		uint64_t expected = zero ? 0 : fill_token(op, offset);

		if (found == expected)
			continue;
		r->value = found;
		r->expected = expected;
		r->gpa = op->gpa + offset;
		return AGENT_MISMATCH;
	}
	return AGENT_OK;
}

static uint32_t op_copy(const struct agent_op *op)
{
	const uint8_t *private = private_pages();
	uint64_t *to = (uint64_t *)op->arg, i;

	for (i = 0; i < op->size / 8; i++)
		to[i] = word_load(op_word_at(op, private, 8 * i));
	return AGENT_OK;
}

/* An architecture that has operations of its own defines this again. */
uint32_t __attribute__((weak)) arch_op(const struct agent_op *op, struct agent_result *r)
{
	(void)op;
	(void)r;
	return AGENT_BAD_OP;
}

static uint32_t op_convert(const struct agent_op *op, struct agent_result *r)
{
	int64_t error = arch_convert(op->gpa, op->size, op->arg);

	r->value = error;
	return error ? AGENT_REFUSED : AGENT_OK;
}

static uint32_t op_watch(struct agent_mailbox *mb, struct agent_result *r)
{
	struct watch *w = (struct watch *)mb->op.arg;

	if (!watch_run(w, &mb->stop))
		return AGENT_OK;
	r->value = w->found;
	r->expected = w->expected;
	r->gpa = w->base - AGENT_ALIAS_PRIVATE + w->bad_page * w->page_size +
		 token_offset(w->page_size, watch_word(w, w->bad_page));
	return AGENT_MISMATCH;
}

static uint32_t op_spin(struct agent_mailbox *mb, const struct agent_op *op)
{
	struct agent_control *control = (struct agent_control *)mb->control;

	while (__atomic_load_n(&control->ticket, __ATOMIC_ACQUIRE) < op->value &&
	       !__atomic_load_n(&mb->stop, __ATOMIC_RELAXED))
		arch_relax();
	return AGENT_OK;
}

static uint32_t op_run(struct agent_mailbox *mb, struct agent_result *r)
{
	const struct agent_op *op = &mb->op;

	switch (op->opcode) {
	case AGENT_OP_NOP:
		return AGENT_OK;
	case AGENT_OP_READ:
		r->value = word_load(op_word(op));
		return AGENT_OK;
	case AGENT_OP_WRITE:
		word_store(op_word(op), op->value);
		return AGENT_OK;
	case AGENT_OP_EXCHANGE:
		r->value = word_exchange(op_word(op), op->value);
		return AGENT_OK;
	case AGENT_OP_CHECK_ZERO:
		return op_compare(op, r, 1);
	case AGENT_OP_FILL:
		return op_fill(op);
	case AGENT_OP_VERIFY:
		return op_compare(op, r, 0);
	case AGENT_OP_EXECUTE:
		r->value = arch_execute(op_word(op), op->value, op->arg);
		return AGENT_OK;
	case AGENT_OP_CONVERT:
		return op_convert(op, r);
	case AGENT_OP_SPIN:
		return op_spin(mb, op);
	case AGENT_OP_WATCH:
		return op_watch(mb, r);
	case AGENT_OP_PLAN:
		return plan_execute(mb, (struct agent_plan *)op->arg);
	case AGENT_OP_COPY:
		return op_copy(op);
	case AGENT_OP_RACE:
		return race_execute(mb, (struct agent_race *)op->arg);
	default:
		return arch_op(op, r);
	}
}

static uint64_t ticket_next(struct agent_mailbox *mb)
{
	struct agent_control *control = (struct agent_control *)mb->control;

	return __atomic_add_fetch(&control->ticket, 1, __ATOMIC_SEQ_CST);
}

/*
 * Ordering.  agent_post() stores op and releases POSTED, which is acquired here; the result
 * is released with IDLE, which agent_enter() acquires.  The vCPU's thread runs on the CPU that
 * the guest left, so the exit needs no barrier of its own; other threads of the host see the
 * result through the lock of struct agent.
 */
void agent_main(struct agent_mailbox *mb)
{
	struct agent_result *r = &mb->result;

	arch_init(mb);
	for (;;) {
		__atomic_store_n(&mb->state, AGENT_IDLE, __ATOMIC_RELEASE);
		arch_doorbell();
		if (__atomic_load_n(&mb->state, __ATOMIC_ACQUIRE) != AGENT_POSTED)
			continue;
		mb->state = AGENT_RUNNING;
		*r = (struct agent_result){ .ticket_begin = ticket_next(mb) };
		/* An exception in the operation comes back here a second time. */
		if (!arch_context_save(mb->context))
			r->status = op_run(mb, r);
		r->ticket_end = ticket_next(mb);
	}
}

void agent_exception(uint32_t vector, uint64_t error, uint64_t address, uint64_t ip)
{
	struct agent_mailbox *mb = arch_mailbox();
	struct agent_result *r = &mb->result;

	r->status = mb->abort ? AGENT_ABORTED : AGENT_EXCEPTION;
	mb->abort = 0;
	r->vector = vector;
	r->error_code = error;
	r->fault_address = address;
	r->ip = ip;
	/* Outside an operation there is nothing to resume: report it for ever. */
	while (mb->state != AGENT_RUNNING)
		arch_doorbell();
	arch_context_restore(mb->context);
}
