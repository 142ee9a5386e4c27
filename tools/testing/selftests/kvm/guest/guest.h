/* SPDX-License-Identifier: GPL-2.0-only */
/* What the agent's common part and its architecture part need from each other. */
#ifndef GUEST_GUEST_H
#define GUEST_GUEST_H

#include "abi/agent_abi.h"

/* Common part, called by the architecture's. */
void agent_main(struct agent_mailbox *mb) __attribute__((noreturn));
void agent_exception(uint32_t vector, uint64_t error, uint64_t address, uint64_t ip)
	__attribute__((noreturn));

/* Architecture part. */

/* Descriptor tables, vectors; remembers @mb as this vCPU's mailbox. */
void arch_init(struct agent_mailbox *mb);
struct agent_mailbox *arch_mailbox(void);
/* An exit that says "look at my mailbox"; returns when the vCPU is entered again. */
void arch_doorbell(void);
void arch_relax(void);
/* Like setjmp and longjmp on mailbox->context, with a new stack of exception frames. */
int arch_context_save(uint64_t *context) __attribute__((returns_twice));
void arch_context_restore(uint64_t *context) __attribute__((noreturn));
/* Ask the host for a conversion; 0 or the architecture's error code. */
int64_t arch_convert(uint64_t gpa, uint64_t size, int to_private);
/* Store code that returns @value at @code if @store and make it fetchable; call it with @value. */
uint64_t arch_execute(void *code, uint64_t value, int store);

/* Opcodes from AGENT_OP_ARCH on; an enum agent_status. */
uint32_t arch_op(const struct agent_op *op, struct agent_result *r);

/* AGENT_OP_PLAN; an enum agent_status. */
uint32_t plan_execute(struct agent_mailbox *mb, struct agent_plan *plan);

/* Operation plan->next alone, surviving that the host gives it up. */
uint32_t plan_step(struct agent_mailbox *mb, struct agent_plan *plan);

/* AGENT_OP_RACE; an enum agent_status. */
uint32_t race_execute(struct agent_mailbox *mb, struct agent_race *race);

#endif /* GUEST_GUEST_H */
