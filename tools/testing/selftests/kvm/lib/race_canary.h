/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Somebody else who wants the pages that an operation frees, in the middle of it.
 *
 * What an operation frees before the last mapping of it is gone can only be seen if it is
 * reused at once.  A thread of higher priority on the same CPU interrupts the operation at
 * random, takes a page, which is the one that the CPU freed last, and looks whether a vCPU still
 * writes to it.
 */
#ifndef RACE_CANARY_H
#define RACE_CANARY_H

#include "race.h"

struct race_canary;

/*
 * Begin, after the actors are there; NULL if it is not a vCPU that writes against something
 * that frees, or if this process may not raise a priority.
 */
struct race_canary *race_canary_start(struct race *r);

/* Before a round: does it take part?  The guest should have the pages mapped then. */
bool race_canary_round(struct race_canary *c);

/* While the operations race. */
void race_canary_arm(struct race_canary *c, bool armed);

/* End; @c may be NULL. */
void race_canary_stop(struct race_canary *c);

#endif /* RACE_CANARY_H */
