/* SPDX-License-Identifier: GPL-2.0-only */
/* How an anomaly of the cell being judged is put together. */
#ifndef ANOMALY_PARTS_H
#define ANOMALY_PARTS_H

#include "oracle/parts.h"

/* More reports on this cell would only cost time: what comes first was looked at first. */
bool anomaly_enough(struct checker *c);
/* Begin the report of an anomaly; what is added comes from the cell being judged. */
struct anomaly anomaly_new(enum verdict_class cls, const char *why);
void anomaly_access(struct checker *c, struct anomaly *a, enum witness_role role, uint32_t access);
void anomaly_op(struct checker *c, struct anomaly *a, enum witness_role role, uint32_t op);
/*
 * The part of a zone that conflicts with something that lasted from @f to @s: what began
 * last of it after @f, and what ended first before @s, as close together as possible.
 */
struct proof {
	const struct cluster *first, *last;
	uint32_t f_op, s_op;
	uint64_t f, s;		/* end of f_op, begin of s_op */
};

struct proof zone_proof(const struct checker *c, const struct zone *z, uint64_t f, uint64_t s);
void anomaly_proof(struct checker *c, struct anomaly *a, const struct proof *p);
/* An access to a cluster; NONE: the value was there at the barrier. */
void anomaly_cluster(struct checker *c, struct anomaly *a, const struct cluster *k,
		     uint32_t access);
/* The write of a cluster, or what was known of it at the barrier. */
void anomaly_source(struct checker *c, struct anomaly *a, const struct cluster *k);
/* What the word was known to hold at the barrier, in copies @mask. */
void anomaly_known(struct checker *c, struct anomaly *a, uint8_t mask);
/* Class and reason for a value that no source explains; is the word due to be zero by then? */
void anomaly_unknown(struct checker *c, struct anomaly *a, const struct access *r, bool zero_due);
void anomaly_done(struct checker *c, struct anomaly *a);
/* No order explains the word's reads: see to a proof of it, and to one at all. */
void anomaly_prove(struct checker *c);
/* Would it be among those that are kept? */
bool anomaly_wanted(const struct checker *c, uint64_t ticket);
/* Put the cell's anomaly among the earliest ones. */
void anomaly_keep(struct checker *c);

#endif /* ANOMALY_PARTS_H */
