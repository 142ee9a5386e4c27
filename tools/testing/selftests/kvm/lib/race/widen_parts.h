/* SPDX-License-Identifier: GPL-2.0-only */
/* Making operations take longer, in the middle. */
#ifndef RACE_WIDEN_H
#define RACE_WIDEN_H

#include "race/race.h"

struct race_widen;

/* Begin, after the actors are there; NULL if @r->widen asks for nothing. */
struct race_widen *race_widen_start(struct race *r);

/* Before a round: what the host maps has to be watched anew. */
void race_widen_round(struct race_widen *w);

/* End; @w may be NULL. */
void race_widen_stop(struct race_widen *w);

#endif /* RACE_WIDEN_H */
