// SPDX-License-Identifier: GPL-2.0-only
/* Operations on a page as a whole, and what they mean for accesses at some time. */
#include <stdlib.h>
#include <string.h>
#include "oracle/key_parts.h"
#include "oracle/parts.h"

void spans_room(struct checker *c, struct spans *s, uint32_t count)
{
	uint32_t room = s->room;

	CHECKER_ROOM(c, s->all, room, count);
	CHECKER_ROOM(c, s->done, s->room, count);
	memset(s->all, 0, s->room * sizeof(*s->all));
	memset(s->done, 0, s->room * sizeof(*s->done));
}

void spans_add(struct checker *c, struct spans *s, uint64_t begin, uint64_t end, uint32_t op,
	       bool definite)
{
	uint32_t i = s->definite, room = s->room;

	CHECKER_ROOM(c, s->all, room, s->count + 1);
	CHECKER_ROOM(c, s->done, s->room, s->count + 1);
	s->all[s->count] = (struct span){ begin, end, end, op };
	if (s->count && s->all[s->count - 1].latest > end)
		s->all[s->count].latest = s->all[s->count - 1].latest;
	s->count++;
	if (!definite)
		return;
	/* By begin is nearly by end: only overlapping ones change places. */
	for (; i && s->done[i - 1].end > end; i--)
		s->done[i] = s->done[i - 1];
	s->done[i] = (struct span_done){ end, begin, op };
	s->definite++;
}

void spans_seal(struct spans *s)
{
	uint32_t i;

	for (i = 1; i < s->definite; i++) {
		if (s->done[i].begin > s->done[i - 1].begin)
			continue;
		s->done[i].begin = s->done[i - 1].begin;
		s->done[i].op = s->done[i - 1].op;
	}
}

void spans_free(struct spans *s)
{
	free(s->all);
	free(s->done);
}

const struct span_done *spans_before(struct spans *s, uint64_t t)
{
	uint32_t n = keys_below(s->done, sizeof(*s->done), s->definite, &s->done_hint, t);

	return n ? &s->done[n - 1] : NULL;
}

uint32_t spans_begun(struct spans *s, uint64_t t)
{
	return keys_below(s->all, sizeof(*s->all), s->count, &s->all_hint, t);
}

bool spans_alive(struct spans *s, uint64_t begun, uint64_t ended)
{
	uint32_t n = spans_begun(s, begun);

	return n && (!ended || s->all[n - 1].latest > ended);
}

uint64_t spans_last_begin(const struct spans *s)
{
	return s->definite ? s->done[s->definite - 1].begin : 0;
}

static uint8_t event_copies(const struct checker *c, const struct event *e)
{
	uint8_t copies = e->flags / EVENT_COPY0 & BOTH_COPIES;

	return c->config.split && copies ? copies : c->copies;
}

static void page_view_add(struct checker *c, uint32_t op)
{
	const struct event *e = &c->op[op];
	bool definite = !(e->flags & EVENT_MAYBE), undefined = e->kind == EVENT_UNDEFINED;
	struct page_view *v = &c->view;
	uint8_t copies = event_copies(c, e);
	unsigned int copy;

	if (e->kind == EVENT_CONVERT) {
		spans_add(c, &v->convert[e->value], e->begin, e->end, op, definite);
		undefined = c->config.undefined[e->value];
		if (c->config.split)
			copies = 1 << e->value;
	}
	for (copy = 0; copy < 2; copy++) {
		if (!(copies & 1 << copy))
			continue;
		if (e->kind == EVENT_RESET)
			spans_add(c, &v->reset[copy], e->begin, e->end, op, definite);
		/* What was there may well be there still: nothing is definite about it. */
		if (undefined)
			spans_add(c, &v->undefined[copy], e->begin, e->end, op, false);
	}
}

void page_view_begin(struct checker *c, uint32_t page)
{
	c->view.page = page;
	c->view.left = BOTH_COPIES;
	c->view.built = c->view.runs = c->view.searched = false;
}

void page_view_build(struct checker *c)
{
	struct page_view *v = &c->view;
	const uint32_t page = v->page;
	unsigned int copy;
	uint32_t i;

	if (v->built)
		return;
	v->built = true;
	for (copy = 0; copy < 2; copy++) {
		v->reset[copy].count = v->reset[copy].definite = 0;
		v->undefined[copy].count = v->undefined[copy].definite = 0;
		v->convert[copy].count = v->convert[copy].definite = 0;
		if (c->page[page].copies & 1 << copy)
			spans_add(c, &v->convert[copy], c->barrier, c->barrier, NONE, false);
	}
	for (i = c->page_op_start[page]; i < c->page_op_start[page + 1]; i++)
		page_view_add(c, c->page_op[i]);
	for (copy = 0; copy < 2; copy++) {
		spans_seal(&v->reset[copy]);
		spans_seal(&v->convert[copy]);
	}
}

uint8_t page_reach(struct page_view *v, uint64_t begin, uint64_t end)
{
	uint8_t mask = 0;
	unsigned int copy;

	for (copy = 0; copy < 2; copy++) {
		const struct span_done *away = spans_before(&v->convert[!copy], begin);

		if (spans_alive(&v->convert[copy], end, away ? away->begin : 0))
			mask |= 1 << copy;
	}
	return mask;
}

uint8_t page_copies_after(struct checker *c)
{
	/* What the words say of it one by one they may not say together. */
	if (c->view.searched && c->view.left)
		return c->view.left;
	page_view_build(c);
	return page_reach(&c->view, UINT64_MAX, UINT64_MAX);
}
