/* SPDX-License-Identifier: GPL-2.0-only */
/* Operations of the matrix, for race_side.c, which has the table; see struct race_side. */
#ifndef RACE_OPS_H
#define RACE_OPS_H

#include <errno.h>
#include "race/race.h"

/* Of a system call: 0 or -errno. */
static inline int race_result(int r)
{
	return r ? -errno : 0;
}

/* Side @k's operation has reset the round's range, of these copies. */
void race_log_reset(struct race *r, unsigned int k, uint8_t copies);

/* The host's mapping; race_mapping.c. */
int race_map_write(struct race *r, struct race_actor *a);
void race_map_write_log(struct race *r, unsigned int k);
int race_map_discard(struct race *r, struct race_actor *a);
void race_map_discard_log(struct race *r, unsigned int k);
int race_unmap(struct race *r, struct race_actor *a);
void race_remap(struct race *r);
int race_protect(struct race *r, struct race_actor *a);
void race_unprotect(struct race *r);
int race_fork(struct race *r, struct race_actor *a);
int race_map_bind(struct race *r, struct race_actor *a);
int race_map_page_out(struct race *r, struct race_actor *a);

#endif /* RACE_OPS_H */
