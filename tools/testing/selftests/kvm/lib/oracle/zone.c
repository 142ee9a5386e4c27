// SPDX-License-Identifier: GPL-2.0-only
/* Zones: clusters as far as exchanges join them, and whether both orders of two are forced. */
#include "oracle/key_parts.h"
#include "oracle/anomaly_parts.h"

void zones_clear(struct cell_view *cell)
{
	cell->zone[0].count = cell->zone[1].count = cell->zone[2].count = 0;
}

/* By f: they come nearly in that order. */
static void zones_insert(struct checker *c, struct zones *z, const struct zone *new)
{
	uint32_t i;

	CHECKER_ROOM(c, z->z, z->room, z->count + 1);
	for (i = z->count++; i && z->z[i - 1].f > new->f; i--)
		z->z[i] = z->z[i - 1];
	z->z[i] = *new;
}

static void zones_seal(struct zones *z)
{
	uint32_t i, best = NONE, second = NONE;

	for (i = 0; i < z->count; i++) {
		if (best == NONE || z->z[i].s > z->z[best].s) {
			second = best;
			best = i;
		} else if (second == NONE || z->z[i].s > z->z[second].s) {
			second = i;
		}
		z->z[i].best = best;
		z->z[i].second = second;
	}
}

const struct zone *zone_before(struct zones *z, uint64_t t, const struct zone *self)
{
	uint32_t n = keys_below(z->z, sizeof(*z->z), z->count, &z->hint, t);
	const struct zone *last;

	if (!n)
		return NULL;
	last = &z->z[n - 1];
	if (&z->z[last->best] != self)
		return &z->z[last->best];
	return last->second == NONE ? NULL : &z->z[last->second];
}

/* Within a chain of exchanges all of a cluster comes before all of the next. */
static void chain_broken(struct checker *c, const struct cluster *old, const struct cluster *new)
{
	struct anomaly a = anomaly_new(VERDICT_LOST_WRITE,
		"an exchange had replaced the value: later it cannot be there");

	anomaly_access(c, &a, WITNESS_READ, old->s_op);
	anomaly_access(c, &a, WITNESS_PROOF, new->f_op);
	anomaly_source(c, &a, old);
	anomaly_source(c, &a, new);
	anomaly_done(c, &a);
}

static void chain_circle(struct checker *c, const struct cluster *k)
{
	const struct cell_view *cell = &c->cell;
	struct anomaly a = anomaly_new(VERDICT_LOST_WRITE,
				       "each of these exchanges needs another to come first");
	const struct cluster *at = k;

	do {
		anomaly_access(c, &a, WITNESS_READ, at->taker);
		at = &cell->cluster[at->next];
	} while (at != k && a.count < ANOMALY_WITNESS);
	anomaly_done(c, &a);
}

/* Each value fits its copy, and each exchange two values, but not all of them together. */
static void chain_apart(struct checker *c, const struct zone *z)
{
	const struct cluster *k = &c->cell.cluster[z->head], *from = NULL;
	struct anomaly a = anomaly_new(VERDICT_STALE_MAPPING,
		"an exchange joins values that were in different copies of the page");

	for (;; k = &c->cell.cluster[k->next]) {
		if (k->mask == BOTH_COPIES)
			continue;
		if (from && from->mask != k->mask)
			break;
		from = k;
	}
	anomaly_cluster(c, &a, from, from->mask_op);
	anomaly_cluster(c, &a, k, k->mask_op);
	for (; from != k; from = &c->cell.cluster[from->next])
		anomaly_access(c, &a, WITNESS_PROOF, from->taker);
	anomaly_source(c, &a, k);
	anomaly_done(c, &a);
}

static struct zone chain_zone(struct checker *c, uint32_t head)
{
	struct cell_view *cell = &c->cell;
	struct cluster *k = &cell->cluster[head], *late = k;
	struct zone z = { k->f, k->s, head, head, head, head, .mask = k->mask,
			  .definite = k->definite };

	k->seen = true;
	while (k->taker != NONE) {
		uint32_t n = k->next;

		k = &cell->cluster[n];
		k->seen = true;
		z.tail = n;
		z.mask &= k->mask;
		if (k->f < late->s && !z.flagged) {
			chain_broken(c, late, k);
			z.flagged = true;
		}
		if (k->s > late->s)
			late = k;
		if (k->f < z.f) {
			z.f = k->f;
			z.f_in = n;
		}
		if (k->s > z.s) {
			z.s = k->s;
			z.s_in = n;
		}
	}
	return z;
}

void zones_build(struct checker *c)
{
	struct cell_view *cell = &c->cell;
	uint32_t i;

	for (i = 0; i < cell->clusters; i++) {
		struct zone z;

		if (cell->cluster[i].follows)
			continue;
		z = chain_zone(c, i);
		if (!z.mask && !z.definite)
			continue;	/* a write that was refused */
		if (!z.mask) {
			chain_apart(c, &z);
			continue;
		}
		zones_insert(c, &cell->zone[z.definite && z.mask != BOTH_COPIES ?
					    z.mask - 1 : 2], &z);
	}
	for (i = 0; i < cell->clusters; i++)
		if (!cell->cluster[i].seen) {
			chain_circle(c, &cell->cluster[i]);
			break;
		}
	zones_seal(&cell->zone[0]);
	zones_seal(&cell->zone[1]);
}

struct conflict {
	const struct span_done *reset;
	const struct zone *zone;
};

static bool zone_conflict(struct checker *c, const struct zone *v, unsigned int copy,
			  struct conflict *found)
{
	const struct span_done *z = spans_before(&c->view.reset[copy], v->s);
	const struct zone *u = zone_before(&c->cell.zone[copy], v->s, v);

	found->reset = z && z->begin > v->f ? z : NULL;
	found->zone = u && u->s > v->f ? u : NULL;
	return found->reset || found->zone;
}

/* What the last read in the witness returned: that cannot be explained. */
static uint64_t anomaly_value(const struct anomaly *a)
{
	const struct event *last = NULL;
	unsigned int i;

	for (i = 0; i < a->count; i++)
		if (a->witness[i].event.kind == EVENT_READ &&
		    (!last || a->witness[i].event.begin > last->begin))
			last = &a->witness[i].event;
	return last ? last->value : UINT64_MAX;
}

static void conflict_witness(struct checker *c, struct anomaly *a, const struct zone *v,
			     const struct conflict *found)
{
	struct proof late, other;

	if (found->reset) {
		const struct event *reset = &c->op[found->reset->op];

		anomaly_op(c, a, WITNESS_BETWEEN, found->reset->op);
		late = zone_proof(c, v, reset->end, reset->begin);
		anomaly_proof(c, a, &late);
		return;
	}
	other = zone_proof(c, found->zone, v->f, v->s);
	late = zone_proof(c, v, other.f, other.s);
	anomaly_proof(c, a, &late);
	anomaly_proof(c, a, &other);
	anomaly_source(c, a, late.last);
	anomaly_source(c, a, other.last);
}

/* @second: what it conflicts with in the other copy, if it may have been in either. */
static void conflict_report(struct checker *c, struct zone *v, const struct conflict *found,
			    const struct conflict *second)
{
	struct anomaly a = anomaly_new(VERDICT_STALE_MAPPING,
		"the reset was over before the read began, and began when the value was there");

	v->flagged = true;
	if (anomaly_enough(c))
		return;
	conflict_witness(c, &a, v, found);
	if (second)
		conflict_witness(c, &a, v, second);
	anomaly_source(c, &a, &c->cell.cluster[v->s_in]);
	if (!found->reset) {
		a.cls = VERDICT_LOST_WRITE;
		a.why = "another value was there in between, and nothing wrote this one again";
		if (!anomaly_value(&a)) {
			a.cls = VERDICT_LOST_DATA;
			a.why = "data was there in between, and nothing made it zero again";
		}
	}
	anomaly_done(c, &a);
}

/* Both orders are forced only if one of the two has f < s, and then it shows from that one. */
void zones_judge(struct checker *c)
{
	struct cell_view *cell = &c->cell;
	struct conflict found;
	unsigned int copy;
	uint32_t i;

	for (copy = 0; copy < 2; copy++)
		for (i = 0; i < cell->zone[copy].count; i++) {
			struct zone *v = &cell->zone[copy].z[i];

			if (v->f < v->s && !v->flagged && zone_conflict(c, v, copy, &found) &&
			    !(found.zone && !found.reset && found.zone->flagged))
				conflict_report(c, v, &found, NULL);
		}
}

/* Values that may have been in either copy: both have to be impossible. */
void zones_judge_undecided(struct checker *c)
{
	struct conflict found, second;
	uint32_t i;

	for (i = 0; i < c->cell.zone[2].count; i++) {
		struct zone *v = &c->cell.zone[2].z[i];

		if (v->definite && v->mask == BOTH_COPIES && zone_conflict(c, v, 0, &found) &&
		    zone_conflict(c, v, 1, &second))
			conflict_report(c, v, &found, &second);
	}
}
