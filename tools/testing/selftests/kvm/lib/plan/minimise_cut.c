// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include "harness/verdict.h"
#include "plan/cut_parts.h"

static void remove_ops(struct plan_actor *a, uint32_t first, uint32_t end)
{
	memmove(a->ops + first, a->ops + end, (a->count - end) * sizeof(*a->ops));
	a->count -= end - first;
}

uint32_t minimise_busy(const struct plan *p)
{
	uint32_t a, n = 0;

	for (a = 0; a < plan_actors(p); a++)
		n += p->actors[a].count > 0;
	return n;
}

static void cut_busy(struct plan *p, uint32_t first, uint32_t count)
{
	uint32_t a, item = 0;

	for (a = 0; a < plan_actors(p); a++)
		if (p->actors[a].count && item++ - first < count)
			p->actors[a].count = 0;
}

/* The same stretch of every list, so that what happens at the same time still does. */
static void cut_time(struct plan *p, uint32_t first, uint32_t count)
{
	const uint64_t all = plan_longest(p);
	uint32_t a;

	for (a = 0; a < plan_actors(p); a++) {
		const uint64_t n = p->actors[a].count;

		if (n)
			remove_ops(&p->actors[a], n * first / all, n * (first + count) / all);
	}
}

static void cut_ops(struct plan *p, uint32_t first, uint32_t count)
{
	uint32_t a, n, end;

	for (a = 0; count && a < plan_actors(p); a++) {
		n = p->actors[a].count;
		if (first >= n) {
			first -= n;
			continue;
		}
		end = count < n - first ? first + count : n;
		count -= end - first;
		remove_ops(&p->actors[a], first, end);
		first = 0;
	}
}

/* All operations of a plan, in turn. */
#define for_each_op(op, a, i, p)							\
	for (a = 0; a < plan_actors(p); a++)						\
		for (i = 0; i < (p)->actors[a].count && ((op) = &(p)->actors[a].ops[i]); i++)

/* Does the VM need an actor?  One whose list is empty may still get signals. */
static bool idle(const struct plan *p, uint32_t actor)
{
	const struct plan_op *op;
	uint32_t a, i;

	if (p->actors[actor].count)
		return false;
	for_each_op(op, a, i, p)
		if (op->kind == PLAN_SIGNAL && plan_actor_guest(p, actor) && op->page == actor)
			return false;
	return true;
}

static uint32_t count_idle(const struct plan *p)
{
	uint32_t a, n = 0;

	for (a = 0; a < plan_actors(p); a++)
		n += idle(p, a);
	return n == plan_actors(p) ? 0 : n;
}

static void remove_actor(struct plan *p, uint32_t actor)
{
	const bool guest = plan_actor_guest(p, actor);
	struct plan_op *op;
	uint32_t a, i;

	for_each_op(op, a, i, p)
		if (guest && op->kind == PLAN_SIGNAL && op->page > actor)
			op->page--;
	free(p->actors[actor].ops);
	memmove(p->actors + actor, p->actors + actor + 1,
		(plan_actors(p) - actor - 1) * sizeof(*p->actors));
	if (guest)
		p->config.vcpus--;
	else
		p->config.hosts--;
}

static void cut_idle(struct plan *p, uint32_t first, uint32_t count)
{
	uint32_t a = 0, item = 0;

	while (a < plan_actors(p)) {
		if (idle(p, a) && item++ - first < count)
			remove_actor(p, a);
		else
			a++;
	}
}

static void set_memslots(struct plan *p, uint32_t slots)
{
	struct plan_op *op;
	uint32_t a, i;

	p->config.slots = slots;
	for_each_op(op, a, i, p)
		if (plan_kinds[op->kind].fields & PLAN_MEMSLOT && op->page >= slots)
			op->page = slots - 1;
}

static uint32_t count_memslots(const struct plan *p)
{
	return p->config.slots - 1;
}

static void cut_memslots(struct plan *p, uint32_t first, uint32_t count)
{
	(void)first;
	set_memslots(p, p->config.slots - count);
}

/* Two items for each range: keep its first half, keep its second half. */
static uint32_t count_halves(const struct plan *p)
{
	struct plan_op *op;
	uint32_t a, i, n = 0;

	for_each_op(op, a, i, p)
		n += op->pages > 1 ? 2 : 0;
	return n;
}

static void cut_halves(struct plan *p, uint32_t first, uint32_t count)
{
	struct plan_op *op;
	uint32_t a, i, item = 0, half;

	for_each_op(op, a, i, p) {
		if (op->pages <= 1)
			continue;
		half = op->pages / 2;
		if (item - first < count) {
			op->pages = half;
		} else if (item + 1 - first < count) {
			op->page += half;
			op->pages -= half;
		}
		item += 2;
	}
}

/* Per page: is it in the range of an operation? */
static bool *used_pages(const struct plan *p)
{
	bool *used = calloc(p->config.pages, sizeof(*used));
	const struct plan_op *op;
	uint32_t a, i;

	verdict_require(used, "out of memory");
	for_each_op(op, a, i, p)
		if (op->pages)
			memset(used + op->page, 1, op->pages);
	return used;
}

/*
 * The VM without some pages.  The others move down; who used one of these now uses its
 * neighbour below.
 */
static void remove_pages(struct plan *p, const bool *removed)
{
	uint32_t *to = calloc(p->config.pages, sizeof(*to)), kept = 0, a, i, last;
	struct plan_op *op;

	verdict_require(to, "out of memory");
	for (i = 0; i < p->config.pages; i++) {
		kept += !removed[i];
		to[i] = kept ? kept - 1 : 0;
	}
	for_each_op(op, a, i, p)
		if (op->pages) {
			last = to[op->page + op->pages - 1];
			op->page = to[op->page];
			op->pages = last - op->page + 1;
		}
	free(to);
	p->config.pages = kept ? kept : 1;
	if (p->config.slots > p->config.pages)
		set_memslots(p, p->config.pages);
}

static uint32_t count_unused(const struct plan *p)
{
	bool *used = used_pages(p);
	uint32_t i, n = 0;

	for (i = 0; i < p->config.pages; i++)
		n += !used[i];
	free(used);
	return n < p->config.pages ? n : n - 1;
}

static void cut_unused(struct plan *p, uint32_t first, uint32_t count)
{
	bool *cut = used_pages(p);
	uint32_t i, item = 0;

	for (i = 0; i < p->config.pages; i++)
		cut[i] = !cut[i] && item++ - first < count;
	remove_pages(p, cut);
	free(cut);
}

static uint32_t count_pages(const struct plan *p)
{
	return p->config.pages;
}

static void cut_pages(struct plan *p, uint32_t first, uint32_t count)
{
	bool *cut = calloc(p->config.pages, sizeof(*cut));

	verdict_require(cut, "out of memory");
	memset(cut + first, 1, count);
	remove_pages(p, cut);
	free(cut);
}

static uint32_t count_delays(const struct plan *p)
{
	struct plan_op *op;
	uint32_t a, i, n = 0;

	for_each_op(op, a, i, p)
		n += op->delay > 0;
	return n;
}

static void cut_delays(struct plan *p, uint32_t first, uint32_t count)
{
	struct plan_op *op;
	uint32_t a, i, item = 0;

	for_each_op(op, a, i, p)
		if (op->delay && item++ - first < count)
			op->delay = 0;
}

/* Large pieces first: what later rows have to judge one by one is less then. */
const struct minimise_cut minimise_cuts[] = {
	{ "actors", 0, false, minimise_busy, cut_busy },
	{ "time", 16, false, plan_longest, cut_time },
	{ "operations", 0, false, plan_ops, cut_ops },
	{ "idle actors", 0, true, count_idle, cut_idle },
	{ "memslots", 0, true, count_memslots, cut_memslots },
	{ "ranges", 0, true, count_halves, cut_halves },
	{ "unused pages", 0, true, count_unused, cut_unused },
	{ "pages", 0, false, count_pages, cut_pages },
	{ "delays", 0, true, count_delays, cut_delays },
	{ }
};
