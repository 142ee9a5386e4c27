/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of this floor share. */
#ifndef STAGE_PARTS_H
#define STAGE_PARTS_H

#include "stage/stage.h"

/**
 * stage_ticket() - draw a ticket of the history
 * @s: the stage
 *
 * Return: the ticket.
 */
static inline uint64_t stage_ticket(const struct stage *s)
{
	return history_ticket(&vm_control(s->vm)->ticket);
}

/**
 * stage_guest_convert() - convert pages in place, for a guest that has asked for it
 * @a: the vCPU
 * @gpa: start, bytes
 * @size: bytes
 * @to_private: which way
 * @arg: the stage
 *
 * An agent_convert_fn.
 *
 * Return: 0 or -errno, which the guest gets.
 */
int stage_guest_convert(struct agent *a, uint64_t gpa, uint64_t size, bool to_private, void *arg);

#endif /* STAGE_PARTS_H */
