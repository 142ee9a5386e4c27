// SPDX-License-Identifier: GPL-2.0-only
/*
 * Depth first over all orders that the intervals allow, one page at a time.  What was
 * done and what the memory holds say all about the rest of the search, so no such pair is
 * looked at twice.
 */
#include <string.h>
#include "checker_reference.h"

#define OPS_MAX		32
#define SLOTS_MAX	4
#define VALUES_MAX	31
#define UNDEFINED	31		/* index of a value: a read may return anything */
#define SEEN_SIZE	(1u << 18)

/* One point in time: an access, a conversion, or what a range operation does to one word. */
struct op {
	uint64_t begin, end;
	uint32_t after;			/* operations that have to be done before this one */
	uint8_t kind;			/* enum event_kind */
	uint8_t word, copy, side;	/* side: copies that it names, a bit each */
	uint8_t found, left;		/* indices of values */
	bool maybe, exchange;
};

struct state {
	uint8_t memory[SLOTS_MAX][2];
	uint8_t copy;
};

struct seen {
	uint64_t memory;
	uint32_t done, stamp;
};

struct search {
	const struct checker_config *config;
	struct op op[OPS_MAX];
	unsigned int ops;
	uint16_t word[SLOTS_MAX];
	unsigned int words;
	uint64_t value[VALUES_MAX];
	unsigned int values, used;
	bool too_big;
};

static struct seen seen[SEEN_SIZE];
static uint32_t stamp;

static unsigned int word_index(struct search *s, uint16_t word)
{
	unsigned int i;

	for (i = 0; i < s->words && s->word[i] != word; i++)
		;
	if (i == SLOTS_MAX)
		s->too_big = true;
	else if (i == s->words)
		s->word[s->words++] = word;
	return i % SLOTS_MAX;
}

static uint8_t value_index(struct search *s, uint64_t value)
{
	unsigned int i;

	for (i = 0; i < s->values && s->value[i] != value; i++)
		;
	if (i == VALUES_MAX)
		s->too_big = true;
	else if (i == s->values)
		s->value[s->values++] = value;
	return i % VALUES_MAX;
}

static struct op *op_add(struct search *s, const struct event *e, unsigned int kind)
{
	struct op *op = &s->op[s->ops % OPS_MAX];

	if (s->ops >= OPS_MAX)
		s->too_big = true;
	else
		s->ops++;
	*op = (struct op){ .begin = e->begin, .end = e->end, .kind = kind,
			   .side = e->flags / EVENT_COPY0 & 3,
			   .maybe = e->flags & EVENT_MAYBE };
	return op;
}

static void contents_add(struct search *s, const struct event *e, unsigned int kind, uint8_t copies)
{
	unsigned int word, copy;

	if (!s->config->split)
		copies = 1;
	for (word = 0; word < s->words; word++)
		for (copy = 0; copy < 2; copy++)
			if (copies & 1 << copy) {
				struct op *op = op_add(s, e, kind);

				op->word = word;
				op->copy = copy;
			}
}

/* Accesses first: they say which words there are. */
static void access_add(struct search *s, const struct event *e)
{
	const struct event *write = e->flags & EVENT_ATOMIC ? e + 1 : e;
	struct op *op = op_add(s, e, e->kind);

	op->exchange = e->flags & EVENT_ATOMIC;
	op->word = word_index(s, e->word);
	op->found = value_index(s, e->value);
	op->left = value_index(s, write->value);
}

static void pages_add(struct search *s, const struct event *e)
{
	unsigned int side = e->flags / EVENT_COPY0 & 3;

	if (e->kind != EVENT_CONVERT) {
		contents_add(s, e, e->kind, side ? side : 3);
		return;
	}
	op_add(s, e, EVENT_CONVERT)->copy = e->value;
	if (s->config->undefined[e->value])
		contents_add(s, e, EVENT_UNDEFINED, 1 << e->value);
}

static bool of_page(const struct event *e, uint32_t page)
{
	return e->page <= page && page < e->page + (e->pages ? e->pages : 1);
}

static void ops_build(struct search *s, const struct event *event, unsigned int count,
		      uint32_t page)
{
	unsigned int i, j;

	value_index(s, 0);
	for (i = 0; i < count; i++) {
		bool half = event[i].kind == EVENT_WRITE && event[i].flags & EVENT_ATOMIC;

		if (event[i].kind <= EVENT_WRITE && event[i].page == page && !half)
			access_add(s, &event[i]);
	}
	for (i = 0; i < count; i++)
		if (event[i].kind > EVENT_WRITE && of_page(&event[i], page))
			pages_add(s, &event[i]);
	for (i = 0; i < s->ops; i++)
		for (j = 0; j < s->ops; j++)
			if (s->op[j].end < s->op[i].begin)
				s->op[i].after |= 1u << j;
}

/* What happens at the point of an operation; false if it cannot be there. */
static bool op_happen(const struct search *s, const struct op *op, struct state *m)
{
	unsigned int copy = s->config->split ? m->copy : 0;
	uint8_t *word;

	if (op->kind == EVENT_CONVERT) {
		m->copy = op->copy;
		return true;
	}
	if (op->kind > EVENT_WRITE) {
		m->memory[op->word][op->copy] = op->kind == EVENT_RESET ? 0 : UNDEFINED;
		return true;
	}
	if (op->side && s->config->split)
		copy = op->side - 1;
	else if (op->side && op->side != 1 << m->copy)
		return false;
	word = &m->memory[op->word][copy];
	if (op->kind == EVENT_READ && *word != op->found && *word != UNDEFINED)
		return false;
	if (op->kind == EVENT_WRITE || op->exchange)
		*word = op->left;
	return true;
}

/* Was it there before?  A full table only costs time. */
static bool state_seen(const struct state *m, uint32_t done)
{
	uint64_t memory = m->copy, hash;
	unsigned int i, tries;

	for (i = 0; i < 2 * SLOTS_MAX; i++)
		memory = memory << 5 | m->memory[i / 2][i % 2];
	hash = (memory ^ done * 0x9e3779b97f4a7c15ull) * 0xbf58476d1ce4e5b9ull >> 40;
	for (tries = 0; tries < 64; tries++) {
		struct seen *t = &seen[(hash + tries) % SEEN_SIZE];

		if (t->stamp != stamp) {
			*t = (struct seen){ memory, done, stamp };
			return false;
		}
		if (t->memory == memory && t->done == done)
			return true;
	}
	return false;
}

static bool order_exists(struct search *s, struct state m, uint32_t done)
{
	const uint32_t all = s->ops == 32 ? UINT32_MAX : (1u << s->ops) - 1;
	unsigned int i;

	/* A read that fits now can only stand in the way later. */
	for (i = 0; i < s->ops; i++) {
		const struct op *op = &s->op[i];

		if (!(done & 1u << i) && op->kind == EVENT_READ && !op->exchange &&
		    !(op->after & ~done) && op_happen(s, op, &m)) {
			done |= 1u << i;
			i = -1;
		}
	}
	if (done == all)
		return true;
	if (state_seen(&m, done))
		return false;
	if (++s->used > SEEN_SIZE / 2) {
		s->too_big = true;
		return true;
	}
	for (i = 0; i < s->ops; i++) {
		struct state next = m;

		if (done & 1u << i || s->op[i].after & ~done)
			continue;
		if (op_happen(s, &s->op[i], &next) && order_exists(s, next, done | 1u << i))
			return true;
		if (s->op[i].maybe && order_exists(s, m, done | 1u << i))
			return true;
	}
	return false;
}

enum reference_answer reference_judge(const struct checker_config *config,
				      const struct event *event, unsigned int count)
{
	uint32_t page;

	for (page = 0; page < config->pages; page++) {
		struct search s = { .config = config };
		struct state m = { .copy = config->state ? config->state[page] : config->shared };

		ops_build(&s, event, count, page);
		stamp++;
		if (!s.too_big && !order_exists(&s, m, 0))
			return REFERENCE_IMPOSSIBLE;
		if (s.too_big)
			return REFERENCE_TOO_BIG;
	}
	return REFERENCE_LEGAL;
}
