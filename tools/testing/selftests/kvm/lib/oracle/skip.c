// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a run of operations on a page comes to, for words that nobody touched meanwhile: the last
 * conversion decides the page's state, the last reset a copy's contents.  So the search need not
 * go through a run that ended before the next access began.  It does where an operation may not
 * have happened, or two that overlap leave different things by their order: a hard one.
 */
#include "oracle/search_parts.h"

void page_view_begin(struct checker *c, uint32_t page)
{
	c->view.page = page;
	c->view.left = BOTH_COPIES;
	c->view.zero = c->page[page].zero;
	c->view.any = c->page[page].any;
	c->view.runs = false;
	c->view.denies[0].set = c->view.denies[1].set = false;
}

/* Copies whose contents it decides. */
static uint8_t contents_of(const struct checker *c, const struct event *e)
{
	const uint8_t copies = e->flags / EVENT_COPY0 & BOTH_COPIES;

	if (e->kind == EVENT_CONVERT)
		return !c->config.undefined[e->value] ? 0 : c->config.split ? 1 << e->value : 1;
	return copies && c->config.split ? copies : c->copies;
}

/* Latest ends of what the ones before left: by copy reset and undefined, and by state. */
struct ends {
	uint64_t contents[2][2], state[2];
};

static void end_note(uint64_t *end, const struct event *e)
{
	if (e->end > *end)
		*end = e->end;
}

/* Does it overlap one before it that leaves something else? */
static bool op_is_hard(const struct checker *c, const struct event *e, struct ends *ends)
{
	const bool undefined = e->kind != EVENT_RESET;
	const uint8_t contents = contents_of(c, e);
	bool hard = e->flags & EVENT_MAYBE;
	unsigned int copy;

	for (copy = 0; copy < 2; copy++) {
		if (!(contents & 1 << copy))
			continue;
		hard |= ends->contents[copy][!undefined] > e->begin;
		end_note(&ends->contents[copy][undefined], e);
	}
	if (e->kind == EVENT_CONVERT) {
		hard |= ends->state[!e->value] > e->begin;
		end_note(&ends->state[e->value], e);
	}
	return hard;
}

/* Of the run up to @i, what the one after it adds. */
static void run_add(const struct checker *c, struct page_run *run, uint32_t i)
{
	const struct event *e = page_op(c, i);
	const uint8_t contents = contents_of(c, e);
	unsigned int copy;

	run[i].begin = e->begin;
	if (run[i].over < e->begin)
		run[i].quiet = i;
	run[i + 1] = run[i];
	if (e->end > run[i].over)
		run[i + 1].over = e->end;
	for (copy = 0; copy < 2; copy++)
		if (contents & 1 << copy)
			run[i + 1].contents[copy] = i;
	if (e->kind == EVENT_CONVERT)
		run[i + 1].state = i;
}

void page_runs_build(struct checker *c)
{
	const uint32_t ops = page_ops(c);
	struct page_view *v = &c->view;
	struct ends ends = { 0 };
	uint32_t i;

	v->runs = true;
	v->hard = 0;
	CHECKER_ROOM(c, v->run, v->run_room, ops + 1);
	v->run[0] = (struct page_run){ .contents = { NONE, NONE }, .state = NONE };
	for (i = 0; i < ops; i++)
		run_add(c, v->run, i);
	/* The next hard one, for now as a mark. */
	for (i = 0; i < ops; i++) {
		v->run[i].hard = op_is_hard(c, page_op(c, i), &ends);
		v->hard += v->run[i].hard;
	}
	v->run[ops].begin = UINT64_MAX;
	v->run[ops].hard = ops;
	for (i = ops; i--;)
		v->run[i].hard = v->run[i].hard ? i : v->run[i + 1].hard;
}

/* How many operations began before @t?  The answer is near @from mostly. */
static uint32_t begun_before(const struct page_run *run, uint32_t from, uint32_t ops, uint64_t t)
{
	uint32_t low = from, high, step = 1;

	while (low + step <= ops && run[low + step - 1].begin < t) {
		low += step;
		step *= 2;
	}
	high = low + step <= ops ? low + step - 1 : ops;
	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;

		if (run[middle].begin < t)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void state_skip(const struct checker *c, const struct page_run *to, uint32_t from,
		       struct word_state *m)
{
	unsigned int copy;

	for (copy = 0; copy < 2; copy++) {
		if (to->contents[copy] == NONE || to->contents[copy] < from)
			continue;
		m->memory[copy] = 0;
		m->any &= ~(1 << copy);
		if (page_op(c, to->contents[copy])->kind != EVENT_RESET)
			m->any |= 1 << copy;
	}
	if (to->state != NONE && to->state >= from)
		m->copy = page_op(c, to->state)->value;
}

uint32_t search_skip(struct checker *c, uint32_t from, uint64_t next_access)
{
	const uint32_t ops = page_ops(c);
	const struct page_run *run = c->view.run;
	uint32_t to = begun_before(run, from, ops, next_access), i;
	struct search *s = c->search;

	/* Some are under way when the access begins: up to where the last began after a pause. */
	if (run[to].over >= next_access)
		to = run[to - 1].quiet;
	if (run[from].hard < to)
		to = run[run[from].hard].quiet;
	if (to <= from)
		return from;
	s->next.count = 0;
	for (i = 0; i < s->now.count; i++) {
		struct word_state m = s->now.state[i];

		state_skip(c, &run[to], from, &m);
		word_state_add(&s->next, &m);
	}
	search_take_next(s);
	return to;
}
