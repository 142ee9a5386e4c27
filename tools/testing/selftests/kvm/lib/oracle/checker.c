// SPDX-License-Identifier: GPL-2.0-only
/* From logs to pages and cells; see checker.h. */
#include <stdlib.h>
#include <string.h>
#include "oracle/anomaly_parts.h"
#include "oracle/search_parts.h"

/* Below this, sorting by insertion is cheaper than looking at every word. */
#define PAGE_FEW	32

struct checker *checker_create(const struct checker_config *config)
{
	struct checker *c = calloc(1, sizeof(*c));
	uint32_t page;

	if (!c)
		verdict_fail(VERDICT_SETUP, "checker: no memory");
	c->config = *config;
	c->config.state = NULL;
	c->copies = config->split ? BOTH_COPIES : 1;
	c->page = checker_room_zeroed(c, config->pages, sizeof(*c->page));
	c->access_start = checker_room_zeroed(c, config->pages + 2, sizeof(*c->access_start));
	c->page_op_start = checker_room_zeroed(c, config->pages + 2, sizeof(*c->page_op_start));
	c->search = checker_room_zeroed(c, 1, sizeof(*c->search));
	c->search->end = BOTH_COPIES;
	checker_room_for(c, config->events);
	/* Places in them are computed before anything is known to be there. */
	CHECKER_ROOM(c, c->access, c->access_room, 1u);
	CHECKER_ROOM(c, c->sorted, c->sorted_room, 1u);
	CHECKER_ROOM(c, c->carried, c->carried_room, 1u);
	CHECKER_ROOM(c, c->next, c->next_room, 1u);
	for (page = 0; page < config->pages; page++) {
		bool shared = config->state ? config->state[page] : config->shared;

		c->page[page].copies = c->page[page].before = 1 << shared;
		c->page[page].zero = c->copies;
	}
	return c;
}

void checker_destroy(struct checker *c)
{
	free(c->view.run);
	free(c->cell.value);
	free(c->cell.table);
	free(c->search->out);
	free(c->search);
	free(c->page);
	free(c->access_start);
	free(c->page_op_start);
	free(c->page_op);
	free(c->access);
	free(c->sorted);
	free(c->log);
	free(c->op);
	free(c->carried);
	free(c->next);
	free(c);
}

/* The cursors are a heap: the event that began first is on top. @new takes the place @i. */
static void heap_sink(struct log_cursor *heap, uint32_t n, uint32_t i, struct log_cursor new)
{
	for (;;) {
		uint32_t child = 2 * i + 1;

		if (child + 1 < n && heap[child + 1].begin < heap[child].begin)
			child++;
		if (child >= n || heap[child].begin >= new.begin)
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = new;
}

/* Remember how far each actor's sequence numbers have come; after a wrap they are all known. */
static void sequence_note(struct checker *c, uint64_t value)
{
	uint32_t *known = &c->sequence[token_actor(value)], seq = token_seq(value) + 1;

	if (token_vm(value) != (c->config.vm & 0xf))
		return;
	if (seq > *known)
		*known = seq;
	else if (*known - seq > TOKEN_SEQ_MASK / 2)
		*known = TOKEN_SEQ_MASK + 1;
}

static void event_place(struct checker *c, const struct event *e)
{
	uint32_t page;

	if (event_on_pages(e)) {
		for (page = e->page; page < e->page + e->pages; page++)
			c->page_op[c->page_op_start[page + 1]++] = c->ops;
		c->op[c->ops++] = *e;
		return;
	}
	c->access[c->access_start[e->page + 1]++] = (struct access){
		e->begin, e->end, e->value, e->actor, e->word, e->flags, e->kind };
	if (e->kind == EVENT_WRITE)
		sequence_note(c, e->value);
	else
		c->stats.reads++;
}

static void starts_sum(uint32_t *start, uint32_t pages)
{
	uint32_t page;

	for (page = 2; page < pages + 2; page++)
		start[page] += start[page - 1];
}

/* To each page its accesses and operations, by begin.  Returns the last ticket. */
static uint64_t events_place(struct checker *c)
{
	const uint32_t pages = c->config.pages;
	uint64_t last = c->barrier, events = 0;
	uint32_t i;

	for (i = 0; i < c->logs; i++) {
		events += c->log[i].end - c->log[i].at;
		if (c->log[i].end[-1].end > last)
			last = c->log[i].end[-1].end;
	}
	starts_sum(c->access_start, pages);
	starts_sum(c->page_op_start, pages);
	CHECKER_ROOM(c, c->access, c->access_room, (size_t)c->access_start[pages + 1]);
	CHECKER_ROOM(c, c->page_op, c->page_op_room, (size_t)c->page_op_start[pages + 1]);
	CHECKER_ROOM(c, c->op, c->op_room, events - c->access_start[pages + 1]);
	c->ops = 0;
	c->stats.events += events;
	for (i = c->logs / 2; i--;)
		heap_sink(c->log, c->logs, i, c->log[i]);
	while (c->logs) {
		struct log_cursor top = c->log[0];

		/* So many logs at once are beyond what the hardware foresees. */
		__builtin_prefetch(top.at + 8);
		event_place(c, top.at);
		if (++top.at == top.end)
			top = c->log[--c->logs];
		else
			top.begin = top.at->begin;
		heap_sink(c->log, c->logs, 0, top);
	}
	return last;
}

/* Stable, so the accesses to a word stay in order of begin. */
static void slots_sort(struct checker *c, const struct access *a, uint32_t n)
{
	uint32_t start[TOKEN_WORDS + 1] = { 0 }, i, j;

	CHECKER_ROOM(c, c->sorted, c->sorted_room, (size_t)n);
	if (n < PAGE_FEW) {
		for (i = 0; i < n; i++) {
			for (j = i; j && c->sorted[j - 1].word > a[i].word; j--)
				c->sorted[j] = c->sorted[j - 1];
			c->sorted[j] = a[i];
		}
		return;
	}
	for (i = 0; i < n; i++)
		start[a[i].word + 1]++;
	for (i = 1; i <= TOKEN_WORDS; i++)
		start[i] += start[i - 1];
	for (i = 0; i < n; i++)
		c->sorted[start[a[i].word]++] = a[i];
}

/* Operations on the page concern words that nobody touched as well. */
static void untouched_judge(struct checker *c)
{
	c->cell.word = TOKEN_WORDS;
	c->cell.n = c->cell.carried_count = 0;
	cell_judge(c);
}

static void page_judge(struct checker *c, uint32_t page)
{
	const struct access *a = c->access + c->access_start[page];
	uint32_t n = c->access_start[page + 1] - c->access_start[page], i = 0, k = 0;
	struct page_state *p = &c->page[page];
	const struct carried *carried = c->carried + p->first;
	const uint32_t first = c->next_count;
	struct cell_view *cell = &c->cell;

	p->before = p->copies;
	page_view_begin(c, page);
	if (!n && !page_ops(c)) {
		page_carry(c, p);
		return;
	}
	slots_sort(c, a, n);
	if (page_ops(c))
		untouched_judge(c);
	while (i < n || k < p->count) {
		cell->word = i < n ? c->sorted[i].word : TOKEN_WORDS;
		if (k < p->count && carried[k].word < cell->word)
			cell->word = carried[k].word;
		cell->a = c->sorted + i;
		for (cell->n = 0; i < n && c->sorted[i].word == cell->word; i++)
			cell->n++;
		cell->carried = carried + k;
		for (cell->carried_count = 0; k < p->count && carried[k].word == cell->word; k++)
			cell->carried_count++;
		cell_judge(c);
		if (cell->anomaly.why)
			anomaly_keep(c);
	}
	page_keep(c, p, first);
}

int checker_run(struct checker *c)
{
	const uint32_t pages = c->config.pages;
	uint64_t last;
	uint32_t page;

	if (c->refused)
		return -1;
	c->found = 0;
	last = events_place(c);
	for (page = 0; page < pages; page++)
		page_judge(c, page);
	carried_swap(c);
	c->barrier = last;
	c->page_ops = 0;
	memcpy(c->before, c->sequence, sizeof(c->before));
	memset(c->access_start, 0, (pages + 2) * sizeof(*c->access_start));
	memset(c->page_op_start, 0, (pages + 2) * sizeof(*c->page_op_start));
	return c->found;
}

const struct anomaly *checker_anomaly(const struct checker *c, unsigned int n)
{
	return n < c->found && n < CHECKER_KEPT ? &c->kept[n] : NULL;
}

bool checker_shared(const struct checker *c, uint32_t page, bool before)
{
	return (before ? c->page[page].before : c->page[page].copies) == 1 << 1;
}

struct checker_stats checker_stats(const struct checker *c)
{
	return c->stats;
}
