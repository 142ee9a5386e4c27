/* SPDX-License-Identifier: GPL-2.0-only */
/* What a round does with its sides; race_side.c. */
#ifndef SIDE_PARTS_H
#define SIDE_PARTS_H

#include "race/round_parts.h"

/**
 * race_side_require() - skip the sub-test if this machine cannot do what a side does
 * @r: the race, whose stage is there
 * @k: the side
 */
void race_side_require(const struct race *r, unsigned int k);

/**
 * race_side_prepare() - do what has to be so before a side makes a difference
 * @r: the race
 * @k: the side
 */
void race_side_prepare(struct race *r, unsigned int k);

/**
 * race_side_run() - the operation of a host side
 * @r: the race
 * @a: the actor that does it
 *
 * Return: 0 or -errno.
 */
int race_side_run(struct race *r, struct race_actor *a);

/**
 * race_side_log() - tell the history what the operation of a host side did
 * @r: the race
 * @k: the side
 */
void race_side_log(struct race *r, unsigned int k);

/**
 * race_side_restore() - bring back what a host side took
 * @r: the race
 * @k: the side
 */
void race_side_restore(struct race *r, unsigned int k);

/**
 * race_side_used_up() - does the VM stand no more of what a side does?
 * @r: the race
 * @k: the side
 *
 * Return: true if so.
 */
bool race_side_used_up(const struct race *r, unsigned int k);

/**
 * race_operate() - carry an operation out, outside of a race, on the round's range
 * @r: the race; called by the thread of host 0
 * @id: the operation, which has to succeed
 *
 * The history is told.
 */
void race_operate(struct race *r, enum operation_id id);

#endif /* SIDE_PARTS_H */
