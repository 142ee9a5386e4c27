/* SPDX-License-Identifier: GPL-2.0-only */
/* How an anomaly of the cell being judged is put together. */
#ifndef ANOMALY_PARTS_H
#define ANOMALY_PARTS_H

#include "oracle/parts.h"

/* Add to an anomaly what is of the cell being judged. */
void anomaly_access(struct checker *c, struct anomaly *a, enum witness_role role, uint32_t access);
void anomaly_op(struct checker *c, struct anomaly *a, enum witness_role role, uint32_t number);
/* What the word was known to hold at the barrier. */
void anomaly_known(struct checker *c, struct anomaly *a);
/* It is complete: the cell's anomaly. */
void anomaly_done(struct checker *c, struct anomaly *a);
/* No order explains what began up to @until: see to a proof of it. */
void anomaly_prove(struct checker *c, uint64_t until);
/* By this word the page is not what it is by all words before, @others: copies. */
void anomaly_contradict(struct checker *c, uint8_t others);
/* Would it be among those that are kept? */
bool anomaly_wanted(const struct checker *c, uint64_t ticket);
/* Put the cell's anomaly among the earliest ones. */
void anomaly_keep(struct checker *c);

#endif /* ANOMALY_PARTS_H */
