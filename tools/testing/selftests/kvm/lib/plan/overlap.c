// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include "plan/overlap.h"

/* The operation that an actor is at. */
struct side {
	uint32_t next;		/* index of the one after it */
	uint64_t end;		/* 0: none yet */
	uint32_t first, pages;
	uint8_t kind;
};

static uint64_t met(const struct overlap *o, unsigned int a, unsigned int b)
{
	return a < b ? o->met[a][b] : o->met[b][a];
}

static void count(struct overlap *o, unsigned int a, unsigned int b)
{
	o->met[a < b ? a : b][a < b ? b : a]++;
	o->total++;
}

static bool meet(const struct side *a, const struct side *b, uint64_t begin)
{
	return b->end > begin && a->first < b->first + b->pages && b->first < a->first + a->pages;
}

/* The actor whose next operation began first, or -1 when all lists are at their end. */
static int32_t earliest(const struct plan *plan, struct plan_span *const *spans, struct side *sides)
{
	uint32_t a, actors = plan_actors(plan);
	int32_t first = -1;

	for (a = 0; a < actors; a++) {
		uint32_t next = sides[a].next;

		/* An operation that was not carried out met nobody. */
		while (next < plan->actors[a].count && !spans[a][next].end)
			next++;
		sides[a].next = next;
		if (next == plan->actors[a].count)
			continue;
		if (first < 0 || spans[a][next].begin < spans[first][sides[first].next].begin)
			first = a;
	}
	return first;
}

void overlap_add(struct overlap *o, const struct plan *plan, struct plan_span *const *spans)
{
	struct plan_memslot memslots[PLAN_MEMSLOTS_MAX];
	struct side sides[PLAN_ACTORS_MAX] = { 0 };
	uint32_t b, actors = plan_actors(plan);
	int32_t a;

	plan_layout(&plan->config, memslots);
	while ((a = earliest(plan, spans, sides)) >= 0) {
		struct side *s = &sides[a];
		const struct plan_op *op = &plan->actors[a].ops[s->next];
		const struct plan_span *span = &spans[a][s->next++];

		s->kind = op->kind;
		s->end = span->end;
		s->pages = plan_op_pages(&plan->config, memslots, op, &s->first);
		o->ops[op->kind]++;
		for (b = 0; b < actors; b++) {
			if (b == (uint32_t)a || !meet(s, &sides[b], span->begin))
				continue;
			count(o, s->kind, sides[b].kind);
		}
	}
}

void overlap_merge(struct overlap *to, const struct overlap *from)
{
	unsigned int a, b;

	for (a = 0; a < PLAN_KINDS; a++) {
		to->ops[a] += from->ops[a];
		for (b = a; b < PLAN_KINDS; b++)
			to->met[a][b] += from->met[a][b];
	}
	to->total += from->total;
}

void overlap_describe(const struct overlap *o, unsigned int kind, char *text, size_t size)
{
	const char *separator = ": met ";
	unsigned int b;
	size_t n;

	*text = 0;
	if (!o->ops[kind])
		return;
	n = snprintf(text, size, "%s %llu", plan_kinds[kind].name,
		     (unsigned long long)o->ops[kind]);
	for (b = 0; b < PLAN_KINDS && n < size; b++) {
		if (!met(o, kind, b))
			continue;
		n += snprintf(text + n, size - n, "%s%s %llu", separator, plan_kinds[b].name,
			      (unsigned long long)met(o, kind, b));
		separator = ", ";
	}
}
