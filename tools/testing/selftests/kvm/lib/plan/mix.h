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

/**
 * mix_default() - get the weights of the table of operations
 *
 * Return: the mix.
 */
struct mix mix_default(void);

/**
 * mix_parse() - change weights by name
 * @text: "punch=3,convert=2,fork=0"; "all" names every operation and may come first
 *        ("all=0,read=1,punch=1"); an empty text changes nothing
 * @mix: changed; what @text does not name stays. Untouched on failure.
 * @error: one line, if it returns false: what was wrong and what is allowed
 * @size: bytes in @error
 *
 * Return: true if @text is right.
 */
bool mix_parse(const char *text, struct mix *mix, char *error, size_t size);

/**
 * mix_any() - is an operation left that an actor could do?
 * @mix: the weights
 * @kind: of memory
 * @guest: a vCPU, or a host thread
 *
 * Return: true if so.
 */
bool mix_any(const struct mix *mix, enum memory_kind kind, bool guest);

/**
 * mix_draw() - draw a kind of operation by weight
 * @mix: weights, of which mix_any() is true
 * @kind: of memory
 * @guest: for a vCPU, or a host thread
 * @prng: source
 *
 * Return: the kind, below PLAN_KINDS.
 */
unsigned int mix_draw(const struct mix *mix, enum memory_kind kind, bool guest,
		      struct prng *prng);

/**
 * mix_print() - write the weights as mix_parse() takes them
 * @mix: the weights
 * @text: where to
 * @size: bytes at @text
 *
 * Return: what snprintf() would.
 */
int mix_print(const struct mix *mix, char *text, size_t size);

#endif /* MIX_H */
