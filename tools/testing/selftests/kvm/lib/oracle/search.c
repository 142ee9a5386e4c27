// SPDX-License-Identifier: GPL-2.0-only
/* A word's accesses and the operations on its page, one ticket after the other. */
#include "oracle/search_parts.h"

/* A word of few accesses on a page of many hard operations costs more than it can show. */
#define HARD_PER_ACCESS	8
#define HARD_FREE	256
/* States to go on from, mostly one or two for an access: a hostile history asks for more. */
#define WORK_PER_ACCESS	32
#define WORK_FREE	4096

/* As if it had been otherwise; is it the one that is asked about? */
static void point_change(const struct search *s, struct point *p, bool asked)
{
	if (s->what_if == WHAT_IF_OPEN)
		p->side = 0;
	else if (asked && s->what_if == WHAT_IF_EITHER)
		p->side = BOTH_COPIES;
	else if (asked && s->what_if == WHAT_IF_ANYTHING)
		p->finds = false;
	else if (asked && s->what_if == WHAT_IF_ZERO)
		p->found = 0;
}

static enum search_answer access_begin(struct checker *c, struct search *s, uint32_t *access,
				       uint64_t next_op)
{
	const struct access *a = &c->cell.a[*access];
	const bool exchange = a->kind == EVENT_READ && a->flags & EVENT_ATOMIC;
	const bool out = s->reduced && s->out[*access];
	struct point p = { a->end, a->value, a[exchange].value,
			   exchange ? EVENT_WRITE : a->kind, 0,
			   a->flags / EVENT_COPY0 & BOTH_COPIES,
			   a->kind == EVENT_READ, a->flags & EVENT_MAYBE };

	*access += 1 + exchange;
	if (out)
		return SEARCH_LEGAL;
	if (s->what_if)
		point_change(s, &p, *access - 1 - exchange == s->what_if_access);
	c->stats.undecided += !s->reduced && !p.side && s->converted > a->begin;
	if (*access < c->cell.n && c->cell.a[*access].begin < next_op)
		next_op = c->cell.a[*access].begin;
	return pending_take(c, s, &p, next_op);
}

static enum search_answer op_begin(struct checker *c, struct search *s, uint32_t number,
				   uint64_t next)
{
	const struct event *e = &c->op[c->page_op[number]];
	struct point p = { .end = e->end, .kind = e->kind,
			   .maybe = e->flags & EVENT_MAYBE };
	uint8_t copies = e->flags / EVENT_COPY0 & BOTH_COPIES;
	enum search_answer answer = SEARCH_LEGAL;

	if (s->reduced && s->out[c->cell.n + number - c->page_op_start[c->view.page]])
		return SEARCH_LEGAL;
	if (!copies || !c->config.split)
		copies = c->copies;
	if (e->kind == EVENT_CONVERT) {
		p.copy = e->value;
		if (e->end > s->converted)
			s->converted = e->end;
		if (!c->config.undefined[e->value])
			return pending_take(c, s, &p, next);
		answer = pending_begin(c, s, &p);
		p.kind = EVENT_UNDEFINED;
		copies = c->config.split ? 1 << e->value : 1;
	}
	for (p.copy = 0; p.copy < 2 && answer == SEARCH_LEGAL; p.copy++)
		if (copies & 1 << p.copy)
			answer = pending_take(c, s, &p, next);
	return answer;
}

static enum search_answer search_step(struct checker *c, uint32_t *access, uint32_t *op,
				      uint64_t until)
{
	const uint32_t first = c->page_op_start[c->view.page];
	const uint32_t ops = c->page_op_start[c->view.page + 1];
	const struct cell_view *cell = &c->cell;
	struct search *s = c->search;
	uint64_t by_op = *op < ops ? c->op[c->page_op[*op]].begin : UINT64_MAX;
	uint64_t by_access = *access < cell->n ? cell->a[*access].begin : UINT64_MAX;
	uint64_t begin = by_op < by_access ? by_op : by_access;
	uint64_t end = s->first == NONE ? UINT64_MAX : s->pending[s->first].end;

	if ((begin < end ? begin : end) > until || (begin & end) == UINT64_MAX)
		return SEARCH_OVER;
	if (end < begin)
		return pending_end(c, s);
	if (by_access < by_op)
		return access_begin(c, s, access, by_op);
	if (!s->busy && !s->reduced) {
		const uint32_t to = first + search_skip(c, *op - first, by_access);

		if (to != *op) {
			*op = to;
			return SEARCH_LEGAL;
		}
	}
	++*op;
	if (*op < ops && c->op[c->page_op[*op]].begin < by_access)
		by_access = c->op[c->page_op[*op]].begin;
	return op_begin(c, s, *op - 1, by_access);
}

static enum search_answer search_end(const struct search *s)
{
	uint32_t i;

	for (i = 0; i < s->now.count; i++)
		if (s->end & 1 << s->now.state[i].copy)
			return SEARCH_LEGAL;
	return SEARCH_IMPOSSIBLE;
}

enum search_answer search_word(struct checker *c, uint64_t until)
{
	uint32_t op = c->page_op_start[c->view.page], access = 0;
	enum search_answer answer = SEARCH_LEGAL;
	struct search *s = c->search;

	if (!c->view.runs)
		page_runs_build(c);
	if (c->view.hard > HARD_FREE + HARD_PER_ACCESS * c->cell.n)
		return SEARCH_TOO_BIG;
	search_begin(c);
	s->work = WORK_FREE + WORK_PER_ACCESS * (uint64_t)c->cell.n;
	if (s->now.full || !s->now.count)
		return SEARCH_TOO_BIG;
	while (answer == SEARCH_LEGAL)
		answer = search_step(c, &access, &op, until);
	return answer == SEARCH_OVER ? search_end(s) : answer;
}
