/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Somebody of higher priority, who takes the CPU from an operation in the middle of it.
 *
 * To hold: between two steps of the kernel there are mostly a few instructions, which is as long
 * as the other side has to do all that it does.  So one side is interrupted when the other begins,
 * or, where that is a vCPU, some time after its own begin, and is held until the other is over.
 *
 * To catch: what an operation frees before the last mapping of it is gone can only be seen if it
 * is reused at once.  So the operation is interrupted by somebody who takes a page, which is the
 * one that the CPU freed last, and looks whether a vCPU still writes to it.
 */
#ifndef RACE_INTERRUPT_H
#define RACE_INTERRUPT_H

#include "race/race.h"

struct race_interrupt;

/* Begin, after the actors are there; NULL if this process may not raise a priority. */
struct race_interrupt *race_interrupt_start(struct race *r);

/* Before a round. Does it catch?  The guest should have the pages mapped then. */
bool race_interrupt_round(struct race_interrupt *i);

/* While the operations race. */
void race_interrupt_arm(struct race_interrupt *i, bool armed);

/* The host's side @k begins now. */
void race_interrupt_begin(struct race_interrupt *i, unsigned int k);

/* End; @i may be NULL. */
void race_interrupt_stop(struct race_interrupt *i);

#endif /* RACE_INTERRUPT_H */
