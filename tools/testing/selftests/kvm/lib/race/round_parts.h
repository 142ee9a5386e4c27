/* SPDX-License-Identifier: GPL-2.0-only */
/* What race.c, which keeps the actors and the time, needs of a round. */
#ifndef RACE_ROUND_H
#define RACE_ROUND_H

#include "race/race.h"

/* Has either side this flag (enum operation_flag)? */
static inline bool race_flagged(const struct race *r, uint8_t flag)
{
	return (r->side[0]->flags | r->side[1]->flags) & flag;
}

/* The CPU of a side, as nodes_pin() counts. */
unsigned int race_cpu(const struct race *r, unsigned int k);

/* Prepare, collide, check, restore, look. */
void race_round(struct race *r);

/* A turn of a host side. */
void race_host_turn(struct race_actor *a);

/* End the sub-test as failed, and say which race it was. */
void race_fail(const struct race *r, enum verdict_class cls, const char *fmt, ...)
	__attribute__((noreturn, format(printf, 3, 4)));

#endif /* RACE_ROUND_H */
