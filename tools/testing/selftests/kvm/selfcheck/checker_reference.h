/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The same question as the checker's, answered by looking for an order: slow, exact,
 * for small histories only.
 */
#ifndef CHECKER_REFERENCE_H
#define CHECKER_REFERENCE_H

#include "oracle/checker.h"

enum reference_answer { REFERENCE_LEGAL, REFERENCE_IMPOSSIBLE, REFERENCE_TOO_BIG };

/**
 * reference_judge() - is there an order that explains every read?
 * @config: as for the checker
 * @event: all events, in any order; the two of an exchange next to each other
 * @count: how many
 */
enum reference_answer reference_judge(const struct checker_config *config,
				      const struct event *event, unsigned int count);

#endif /* CHECKER_REFERENCE_H */
