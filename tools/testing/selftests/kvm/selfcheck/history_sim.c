// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include "history_sim.h"

#define SIM_VM	3

static unsigned int below(struct sim *s, unsigned int n)
{
	return prng_below(&s->prng, n);
}

static bool one_in(struct sim *s, unsigned int n)
{
	return !below(s, n);
}

struct sim_shape sim_shape_random(struct prng *prng)
{
	uint64_t r = prng_next(prng);
	struct sim_shape shape = {
		.pages = 1 + prng_below(prng, SIM_PAGES),
		.words = 1 + prng_below(prng, SIM_SLOTS),
		.actors = 2 + prng_below(prng, SIM_ACTORS - 1),
		.split = r & 1,
		.resets = r >> 1 & 1 || r >> 2 & 1,
		.converts = r >> 3 & 1 || r >> 4 & 1,
		.exchanges = r >> 5 & 1,
		.maybe = r >> 6 & 1,
		.sides = r >> 7 & 1,
		.undefined = { !(r >> 8 & 7), !(r >> 11 & 7) },
		.sequence = r >> 14 & 7 ? 0 : 1 + (r >> 17 & 7),
	};

	return shape;
}

uint16_t sim_word(unsigned int word)
{
	static const uint16_t words[SIM_SLOTS] = { 0, TOKEN_WORDS - 1, 17, 256 };

	return words[word];
}

unsigned int sim_actor(const struct sim *s, unsigned int actor)
{
	const unsigned int guests = s->shape.actors > 3 ? s->shape.actors - 2 : s->shape.actors - 1;

	return actor < guests ? actor : TOKEN_ACTOR_HOST + actor - guests;
}

void sim_init(struct sim *s, const struct sim_shape *shape, uint64_t seed, uint32_t capacity)
{
	unsigned int i;

	memset(s, 0, sizeof(*s));
	s->shape = *shape;
	s->prng.state = seed;
	for (i = 0; i < shape->pages; i++)
		s->state[i] = s->first_state[i] = below(s, 2);
	for (i = 0; i < shape->actors; i++)
		s->log[i] = history_log_init(malloc(history_log_size(capacity)), sim_actor(s, i),
					     capacity);
}

void sim_free(struct sim *s)
{
	unsigned int i;

	for (i = 0; i < SIM_ACTORS; i++)
		free(s->log[i]);
}

struct checker_config sim_config(const struct sim *s)
{
	return (struct checker_config){
		.vm = SIM_VM, .pages = s->shape.pages, .split = s->shape.split,
		.undefined = { s->shape.undefined[0], s->shape.undefined[1] },
		.state = s->first_state,
	};
}

static void effect_add(struct sim_op *op, unsigned int page, unsigned int word, unsigned int copy,
		       unsigned int what)
{
	op->effect[op->effects++] = (struct sim_effect){ page, word, copy, what };
}

static void effects_add_contents(struct sim *s, struct sim_op *op, uint8_t copies, uint8_t what)
{
	const struct event *e = &op->event;
	unsigned int page, word, copy;

	if (!s->shape.split)
		copies = 1;
	for (page = e->page; page < e->page + e->pages; page++)
		for (word = 0; word < s->shape.words; word++)
			for (copy = 0; copy < 2; copy++)
				if (copies & 1 << copy)
					effect_add(op, page, word, copy, what);
}

static void begin_pages(struct sim *s, struct sim_op *op)
{
	struct event *e = &op->event;
	unsigned int page;

	e->pages = 1 + below(s, s->shape.pages - e->page);
	if (s->shape.converts && (!s->shape.resets || one_in(s, 2))) {
		e->kind = EVENT_CONVERT;
		e->value = below(s, 2);
		for (page = e->page; page < e->page + e->pages; page++)
			effect_add(op, page, 0, e->value, EVENT_CONVERT);
		if (s->shape.undefined[e->value])
			effects_add_contents(s, op, 1 << e->value, EVENT_UNDEFINED);
		return;
	}
	e->kind = s->shape.undefined[0] && one_in(s, 4) ? EVENT_UNDEFINED : EVENT_RESET;
	if (s->shape.split)
		e->flags = EVENT_COPY0 * below(s, 4);
	effects_add_contents(s, op, e->flags ? e->flags / EVENT_COPY0 : 3, e->kind);
}

static uint64_t next_token(struct sim *s, unsigned int actor, const struct event *e)
{
	uint32_t seq = ++s->sequence[actor];

	if (s->shape.sequence)
		seq %= s->shape.sequence;
	return token_make(SIM_VM, sim_actor(s, actor), seq, e->page, e->word);
}

static void begin_access(struct sim *s, unsigned int actor, struct sim_op *op, unsigned int word)
{
	struct event *e = &op->event;

	e->kind = below(s, 2) ? EVENT_READ : EVENT_WRITE;
	e->pages = 1;
	e->word = sim_word(word);
	op->exchange = e->kind == EVENT_WRITE && s->shape.exchanges && one_in(s, 2);
	if (s->shape.sides && one_in(s, 2))
		e->flags = EVENT_COPY0 << below(s, 2);
	if (e->kind == EVENT_WRITE)
		e->value = next_token(s, actor, e);
	effect_add(op, e->page, word, 0, op->exchange ? EFFECT_EXCHANGE : e->kind);
}

static void op_begin(struct sim *s, unsigned int actor)
{
	struct sim_op *op = &s->op[actor];

	const bool pages = s->shape.resets || s->shape.converts;
	const bool host = sim_actor(s, actor) >= TOKEN_ACTOR_HOST;

	memset(&op->event, 0, sizeof(op->event));
	op->event.page = below(s, s->shape.pages);
	op->effects = 0;
	op->exchange = op->refused = false;
	if (pages && (s->shape.hosts_convert ? host : one_in(s, 6)))
		begin_pages(s, op);
	else
		begin_access(s, actor, op, below(s, s->shape.words));
	op->failed = s->shape.maybe && one_in(s, 5);
	op->busy = true;
	op->event.begin = ++s->ticket;
}

/* Nobody's, or a value that some write really had: undefined contents may be any. */
static uint64_t garbage(struct sim *s)
{
	return one_in(s, 3) ? 0 : prng_next(&s->prng);
}

static void word_set(struct sim *s, const struct sim_effect *x, unsigned int copy, uint64_t value)
{
	s->old[x->page][x->word][copy] = s->memory[x->page][x->word][copy];
	s->memory[x->page][x->word][copy] = value;
}

static void effect_access(struct sim *s, struct sim_op *op, const struct sim_effect *x)
{
	uint8_t side = op->event.flags / EVENT_COPY0;
	unsigned int copy = s->state[x->page];
	const uint64_t *word;

	if (s->shape.split && side)
		copy = side - 1;
	/* In place, the wrong side gets a fault. */
	if (!s->shape.split) {
		op->refused = side && side != 1 << copy;
		copy = 0;
	}
	if (op->refused)
		return;
	word = &s->memory[x->page][x->word][copy];
	if (x->what != EVENT_WRITE)
		op->found = *word == SIM_UNDEFINED ? garbage(s) : *word;
	if (x->what != EVENT_READ)
		word_set(s, x, copy, op->event.value);
}

static void effect_happen(struct sim *s, struct sim_op *op)
{
	unsigned int n = below(s, op->effects);
	struct sim_effect x = op->effect[n];

	op->effect[n] = op->effect[--op->effects];
	if (sim_fault_effect(s, op, &x) || (op->failed && one_in(s, 2)))
		return;
	if (x.what == EVENT_RESET)
		word_set(s, &x, x.copy, 0);
	else if (x.what == EVENT_UNDEFINED)
		word_set(s, &x, x.copy, SIM_UNDEFINED);
	else if (x.what == EVENT_CONVERT)
		s->state[x.page] = x.copy;
	else
		effect_access(s, op, &x);
}

static void op_end(struct sim *s, unsigned int actor)
{
	struct sim_op *op = &s->op[actor];
	struct event e = op->event;

	op->busy = false;
	e.end = ++s->ticket;
	if (op->failed || op->refused) {
		if (e.kind == EVENT_READ)
			return;
		e.flags |= EVENT_MAYBE;
	} else if (e.kind == EVENT_READ) {
		e.value = op->found;
	} else if (op->exchange) {
		struct event read = e;

		e.flags |= EVENT_ATOMIC;
		read.flags |= EVENT_ATOMIC;
		read.kind = EVENT_READ;
		read.value = op->found;
		history_log_append(s->log[actor], &read);
	}
	history_log_append(s->log[actor], &e);
}

/* One step of an actor; does it have more to do? */
static bool actor_step(struct sim *s, unsigned int actor, bool may_begin)
{
	struct sim_op *op = &s->op[actor];

	if (!op->busy) {
		if (may_begin)
			op_begin(s, actor);
		return may_begin;
	}
	/* Range operations hurry, or nothing would ever be outside of one. */
	if (op->effects) {
		unsigned int n = 1 + op->effects / 2;

		while (n--)
			effect_happen(s, op);
	} else {
		op_end(s, actor);
	}
	return true;
}

void sim_window(struct sim *s, uint32_t events)
{
	unsigned int actor, pace = 1 + below(s, 6);
	uint64_t last = s->ticket + 2ull * events;
	bool more;

	for (actor = 0; actor < s->shape.actors; actor++)
		history_log_clear(s->log[actor]);
	while (s->ticket < last) {
		unsigned int steps = one_in(s, 4) ? 1 : pace;

		actor = below(s, s->shape.actors);
		/* One that moves several steps at once is over before the others notice. */
		while (steps--)
			actor_step(s, actor, true);
	}
	do {
		more = false;
		for (actor = 0; actor < s->shape.actors; actor++)
			more |= actor_step(s, actor, false);
	} while (more);
}
