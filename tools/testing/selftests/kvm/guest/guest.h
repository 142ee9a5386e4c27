/* SPDX-License-Identifier: GPL-2.0-only */
/* What the agent's common part and its architecture part need from each other. */
#ifndef GUEST_GUEST_H
#define GUEST_GUEST_H

#include "abi/agent_abi.h"

/**
 * agent_main() - run the agent on a vCPU
 * @mb: the vCPU's mailbox
 *
 * The part that architectures have in common; their entry code calls it.
 */
void agent_main(struct agent_mailbox *mb) __attribute__((noreturn));

/**
 * agent_exception() - end the operation under way because of an exception
 * @vector: its number, or the exception class
 * @error: error code, or syndrome
 * @address: that the access was to
 * @ip: of the instruction
 *
 * Called by the architecture's handler; goes on behind arch_context_save().
 */
void agent_exception(uint32_t vector, uint64_t error, uint64_t address, uint64_t ip)
	__attribute__((noreturn));

/* Architecture part. */

/**
 * arch_init() - set up descriptor tables and vectors
 * @mb: this vCPU's mailbox, which arch_mailbox() finds again
 */
void arch_init(struct agent_mailbox *mb);

/**
 * arch_mailbox() - find the mailbox of the vCPU that this runs on
 *
 * Return: the mailbox.
 */
struct agent_mailbox *arch_mailbox(void);

/**
 * arch_doorbell() - leave the guest, so that the host looks at the mailbox
 *
 * Returns when the vCPU is entered again.
 */
void arch_doorbell(void);

/**
 * arch_relax() - tell the CPU that this is a loop that waits
 */
void arch_relax(void);

/**
 * arch_context_save() - remember where to go on after an exception
 * @context: the mailbox's, see struct agent_mailbox
 *
 * Return: 0; 1 when it returns again, by arch_context_restore().
 */
int arch_context_save(uint64_t *context) __attribute__((returns_twice));

/**
 * arch_context_restore() - go on where arch_context_save() was, on a new stack of exception
 *    frames
 * @context: the mailbox's
 */
void arch_context_restore(uint64_t *context) __attribute__((noreturn));

/**
 * arch_convert() - ask the host for a conversion
 * @gpa: start, bytes
 * @size: bytes
 * @to_private: which way
 *
 * Return: 0, or what the architecture says of the host's errno.
 */
int64_t arch_convert(uint64_t gpa, uint64_t size, int to_private);

/**
 * arch_execute() - call code, and store it before if asked to
 * @code: where it lies
 * @value: that it is called with, and returns
 * @store: make it fetchable there first
 *
 * Return: what the code returned.
 */
uint64_t arch_execute(void *code, uint64_t value, int store);

/**
 * arch_op() - carry out an operation that one architecture has alone
 * @op: with an opcode from AGENT_OP_ARCH on
 * @r: its result
 *
 * Return: enum agent_status.
 */
uint32_t arch_op(const struct agent_op *op, struct agent_result *r);

/**
 * plan_execute() - carry out AGENT_OP_PLAN
 * @mb: the vCPU's mailbox
 * @plan: the list
 *
 * Return: enum agent_status.
 */
uint32_t plan_execute(struct agent_mailbox *mb, struct agent_plan *plan);

/**
 * plan_step() - carry out operation plan->next of a list, also if the host gives it up
 * @mb: the vCPU's mailbox
 * @plan: the list
 *
 * Return: enum agent_status.
 */
uint32_t plan_step(struct agent_mailbox *mb, struct agent_plan *plan);

/**
 * race_execute() - carry out AGENT_OP_RACE
 * @mb: the vCPU's mailbox
 * @race: its side
 *
 * Return: enum agent_status.
 */
uint32_t race_execute(struct agent_mailbox *mb, struct agent_race *race);

#endif /* GUEST_GUEST_H */
