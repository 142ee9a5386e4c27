// SPDX-License-Identifier: GPL-2.0-only
#include "abi/array.h"
#include "plan/plan.h"

#define HOT_PAGES	4	/* per round; half of all operations go there and so collide */
#define HOT_PARTS	16	/* of all operations; in narrow rounds, all but one of them */
#define DELAY_SHORT	100
#define DELAY_LONG	4000

/* Streams of random numbers that are nobody's but theirs; actors are below them. */
enum { STREAM_HOT = PLAN_ACTORS_MAX, STREAM_LAYOUT, STREAM_SWARM };

static const uint16_t data_words[] = { 0, TOKEN_WORDS - 1, 1, TOKEN_WORDS / 8, TOKEN_WORDS - 2 };
static const uint16_t code_words[] = { PLAN_CODE_WORD, PLAN_CODE_WORD + PLAN_CODE_WORDS - 1 };

_Static_assert(TOKEN_WORDS / 8 < PLAN_CODE_WORD, "data words are no code words");

struct source {
	const struct plan_config *config;
	struct prng prng;
	uint32_t hot[HOT_PAGES], hot_pages, hot_share;
	struct mix mix;
};

static struct prng stream(uint64_t seed, uint32_t round, uint32_t number)
{
	struct prng p = { seed };

	p.state = prng_next(&p) + round;
	p.state = prng_next(&p) + number;
	p.state = prng_next(&p);
	return p;
}

static uint32_t draw_page(struct source *s)
{
	if (prng_below(&s->prng, HOT_PARTS) < s->hot_share)
		return s->hot[prng_below(&s->prng, s->hot_pages)];
	return prng_below(&s->prng, s->config->pages);
}

/* Mostly short, now and then everything; it holds the page drawn, not always as its first. */
static void draw_range(struct source *s, struct plan_op *op)
{
	const uint32_t pages = s->config->pages, page = draw_page(s), r = prng_below(&s->prng, 16);
	uint32_t count = 1, before;

	if (r == 15)
		count = pages;
	else if (r == 14)
		count = 1 + prng_below(&s->prng, pages);
	else if (r >= 8)
		count = 2 + prng_below(&s->prng, 7);
	if (count > pages)
		count = pages;
	before = prng_below(&s->prng, count);
	op->page = page < before ? 0 : page - before;
	if (op->page > pages - count)
		op->page = pages - count;
	op->pages = count;
}

static uint32_t draw_delay(struct source *s)
{
	const uint32_t r = prng_below(&s->prng, 8);

	return r < 6 ? 0 : prng_below(&s->prng, r == 6 ? DELAY_SHORT : DELAY_LONG);
}

static uint16_t draw_word(struct source *s, unsigned int kind)
{
	if (kind == PLAN_EXECUTE)
		return code_words[prng_next(&s->prng) & 1];
	/* The first and the last word more often than the others. */
	return data_words[prng_below(&s->prng,
				     1 + prng_below(&s->prng, ARRAY_SIZE(data_words)))];
}

static struct plan_op draw_op(struct source *s, bool guest)
{
	struct plan_op op = { .kind = mix_draw(&s->mix, s->config->kind, guest, &s->prng) };
	const unsigned int fields = plan_kinds[op.kind].fields;

	op.delay = draw_delay(s);
	if (fields & PLAN_PAGES) {
		draw_range(s, &op);
	} else if (fields & PLAN_PAGE) {
		op.page = draw_page(s);
		op.pages = 1;
	} else if (fields & PLAN_MEMSLOT) {
		op.page = prng_below(&s->prng, s->config->slots);
	} else if (fields & PLAN_VCPU) {
		op.page = prng_below(&s->prng, s->config->vcpus);
	}
	if (fields & PLAN_WORD)
		op.word = draw_word(s, op.kind);
	if (fields & PLAN_TO && prng_next(&s->prng) & 1)
		op.flags = PLAN_TO_PRIVATE;
	return op;
}

/* Without vCPUs there is nobody to send a signal to. */
static struct mix possible(const struct plan_config *config)
{
	struct mix mix = config->mix;

	if (!config->vcpus)
		mix.weight[PLAN_SIGNAL] = 0;
	return mix;
}

/* Half of the kinds, others each time: what one would show, another one hides. */
static struct mix half(const struct plan_config *config, const struct mix *all, struct prng *p)
{
	struct mix mix = *all;
	unsigned int k;

	for (k = 0; k < PLAN_KINDS; k++)
		if (k != PLAN_READ && k != PLAN_WRITE && prng_next(p) & 1)
			mix.weight[k] = 0;
	if (config->vcpus && !mix_any(&mix, config->kind, true))
		return *all;
	return config->hosts && !mix_any(&mix, config->kind, false) ? *all : mix;
}

/* One kind for all host threads, one beside reads and writes for vCPUs: nothing delays them. */
static struct mix duel(const struct plan_config *config, const struct mix *all, struct prng *p)
{
	struct mix mix = { 0 };
	unsigned int k;

	mix.weight[PLAN_READ] = all->weight[PLAN_READ];
	mix.weight[PLAN_WRITE] = all->weight[PLAN_WRITE];
	if (config->vcpus) {
		k = mix_draw(all, config->kind, true, p);
		mix.weight[k] = all->weight[k];
	}
	if (config->hosts) {
		k = mix_draw(all, config->kind, false, p);
		mix.weight[k] = all->weight[k];
	}
	return mix;
}

/*
 * What a round has: everything, or less, each time something else (Groce et al., "Swarm
 * testing", ISSTA 2012); and whether it is nearly all about a few pages.
 */
static void choose_style(struct source *s, uint64_t seed, uint32_t round)
{
	const struct mix all = possible(s->config);
	struct prng p = stream(seed, round, STREAM_SWARM);
	const uint32_t style = s->config->swarm ? prng_below(&p, 4) : 0;
	uint32_t i;

	s->mix = all;
	s->hot_pages = HOT_PAGES;
	s->hot_share = HOT_PARTS / 2;
	if (style == 1)
		s->mix = half(s->config, &all, &p);
	else if (style >= 2)
		s->mix = duel(s->config, &all, &p);
	if (style >= 2 || (s->config->swarm && prng_next(&p) & 1)) {
		s->hot_pages = 1 + prng_below(&p, style >= 2 ? 2 : HOT_PAGES);
		s->hot_share = HOT_PARTS - 1;
	}
	s->prng = stream(seed, round, STREAM_HOT);
	for (i = 0; i < s->hot_pages; i++)
		s->hot[i] = prng_below(&s->prng, s->config->pages);
}

static bool actors_check(const struct plan_config *c, bool guest, char *error, size_t size)
{
	const struct mix mix = possible(c);
	char names[300];

	if (!(guest ? c->vcpus : c->hosts) || mix_any(&mix, c->kind, guest))
		return true;
	snprintf(error, size,
		 "mix: nothing is left for %s on %s memory; expected a weight above 0 for one of: %s",
		 guest ? "vCPUs" : "host threads", memory_kind_word(c->kind),
		 plan_kind_names(c->kind, guest, names, sizeof(names)));
	return false;
}

bool plan_config_check(const struct plan_config *c, char *error, size_t size)
{
	if (!plan_shape_check(c, error, size))
		return false;
	if (c->ops < 1 || c->ops > PLAN_OPS_MAX) {
		snprintf(error, size, "ops: %u is not allowed; expected 1 to %u per actor", c->ops,
			 PLAN_OPS_MAX);
		return false;
	}
	if (c->guest_ops > PLAN_OPS_MAX) {
		snprintf(error, size, "ops of a vCPU: %u is not allowed; expected at most %u",
			 c->guest_ops, PLAN_OPS_MAX);
		return false;
	}
	return actors_check(c, true, error, size) && actors_check(c, false, error, size);
}

void plan_generate(struct plan *plan, const struct plan_config *config, uint64_t seed,
		   uint32_t round)
{
	struct source s = { .config = config };
	struct plan_op op;
	uint32_t actor, i, count;

	plan_init(plan, config);
	plan->config.seed = seed;
	plan->config.round = round;
	choose_style(&s, seed, round);
	for (actor = 0; actor < plan_actors(plan); actor++) {
		const bool guest = plan_actor_guest(plan, actor);

		s.prng = stream(seed, round,
				guest ? actor : PLAN_VCPUS_MAX + actor - config->vcpus);
		count = guest && config->guest_ops ? config->guest_ops : config->ops;
		for (i = 0; i < count; i++) {
			op = draw_op(&s, guest);
			plan_add(plan, actor, &op);
		}
	}
}

void plan_layout(const struct plan_config *c, struct plan_memslot *memslots)
{
	struct prng prng = stream(c->seed, 0, STREAM_LAYOUT);
	uint32_t order[PLAN_MEMSLOTS_MAX], offset = 0, i, j, t;

	for (i = 0; i < c->slots; i++) {
		const uint32_t first = (uint64_t)c->pages * i / c->slots;

		memslots[i].first = first;
		memslots[i].pages = (uint64_t)c->pages * (i + 1) / c->slots - first;
		order[i] = i;
	}
	for (i = c->slots; i-- > 1; ) {
		j = prng_below(&prng, i + 1);
		t = order[i];
		order[i] = order[j];
		order[j] = t;
	}
	for (i = 0; i < c->slots; i++) {
		memslots[order[i]].offset = offset;
		offset += memslots[order[i]].pages;
	}
}
