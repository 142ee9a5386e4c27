/* SPDX-License-Identifier: GPL-2.0-only */
/* How often each kind of operation occurs in a generated plan. */
#ifndef MIX_H
#define MIX_H

#include <stdbool.h>
#include <stddef.h>
#include "abi/prng.h"
#include "plan/memory_kind.h"
#include "plan/operation.h"

#define MIX_WEIGHT_MAX	1000000u

struct mix {
	uint32_t weight[PLAN_KINDS];	/* relative to those of the same kind of actor */
};

/* The weights that the table of kinds gives; plan.h. */
struct mix mix_default(void);

/**
 * mix_parse() - change weights by name
 * @text: "punch=3,convert=2,fork=0"; "all" names every operation and may come first
 *        ("all=0,read=1,punch=1"); an empty text changes nothing
 * @mix: changed; what @text does not name stays. Untouched on failure.
 * @error: one line, if it returns false: what was wrong and what is allowed
 * @size: bytes in @error
 */
bool mix_parse(const char *text, struct mix *mix, char *error, size_t size);

/* Is an operation left for vCPUs (@guest) or host threads on memory of this kind? */
bool mix_any(const struct mix *mix, enum memory_kind kind, bool guest);

/* Draw a kind of operation.  There must be one: mix_any(). */
unsigned int mix_draw(const struct mix *mix, enum memory_kind kind, bool guest,
		      struct prng *prng);

/* The weights as mix_parse() takes them, complete. Returns what snprintf() would. */
int mix_print(const struct mix *mix, char *text, size_t size);

#endif /* MIX_H */
