/* SPDX-License-Identifier: GPL-2.0-only */
/* Does a witness prove that a history is impossible? */
#ifndef WITNESS_PROOF_H
#define WITNESS_PROOF_H

#include "checker_reference.h"

/**
 * witness_prove() - ask the search about a witness and its sources, alone
 * @config: as for the checker
 * @event: the history
 * @count: of @event
 * @known: so many of @event, the first ones, are from before the barrier and stay
 * @a: the anomaly
 *
 * Return: REFERENCE_IMPOSSIBLE if it proves it.
 */
enum reference_answer witness_prove(const struct checker_config *config,
				    const struct event *event, unsigned int count,
				    unsigned int known, const struct anomaly *a);

#endif /* WITNESS_PROOF_H */
