// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include "harness/verdict.h"
#include "plan/plan.h"

const char *plan_kind_names(enum memory_kind memory, bool guest, char *text, size_t size)
{
	size_t n = 0;
	unsigned int k;

	*text = 0;
	for (k = 0; k < PLAN_KINDS && n < size; k++)
		if (plan_kind_valid(k, memory, guest))
			n += snprintf(text + n, size - n, "%s%s", n ? ", " : "",
				      plan_kinds[k].name);
	return text;
}

static bool within(const char *what, uint32_t value, uint32_t minimum, uint32_t maximum,
		   char *error, size_t size)
{
	if (value >= minimum && value <= maximum)
		return true;
	snprintf(error, size, "%s: %u is not allowed; expected %u to %u", what, value, minimum,
		 maximum);
	return false;
}

bool plan_shape_check(const struct plan_config *c, char *error, size_t size)
{
	if (c->kind > MEMORY_INPLACE) {
		snprintf(error, size, "kind: %u is not allowed; expected anonymous, shared, private, sealed or in-place",
			 c->kind);
		return false;
	}
	if (!within("vcpus", c->vcpus, 0, PLAN_VCPUS_MAX, error, size) ||
	    !within("hosts", c->hosts, 0, PLAN_HOSTS_MAX, error, size) ||
	    !within("pages", c->pages, 1, PLAN_PAGES_MAX, error, size))
		return false;
	if (!c->vcpus && !c->hosts) {
		snprintf(error, size, "vcpus=0 hosts=0: nobody is there; expected at least one actor");
		return false;
	}
	return within("slots", c->slots, 1,
		      c->pages < PLAN_MEMSLOTS_MAX ? c->pages : PLAN_MEMSLOTS_MAX, error, size);
}

static bool reject(char *error, size_t size, const struct plan_op *op, const char *what,
		   uint32_t value, uint32_t maximum)
{
	snprintf(error, size, "%s: %s %u is not there; expected 0 to %u", plan_kinds[op->kind].name,
		 what, value, maximum);
	return false;
}

static bool number_check(const struct plan_config *c, const struct plan_op *op, char *error,
			 size_t size)
{
	const unsigned int fields = plan_kinds[op->kind].fields;
	const char *what = fields & PLAN_MEMSLOT ? "memslot" : fields & PLAN_VCPU ? "vcpu" : "page";
	const uint32_t limit = fields & PLAN_PAGE ? c->pages : fields & PLAN_MEMSLOT ? c->slots :
			       fields & PLAN_VCPU ? c->vcpus : 1;

	if (fields & PLAN_VCPU && !c->vcpus) {
		snprintf(error, size, "%s: there is no vCPU; expected vcpus=1 or more",
			 plan_kinds[op->kind].name);
		return false;
	}
	if (op->page >= limit)
		return reject(error, size, op, what, op->page, limit - 1);
	if (!(fields & PLAN_PAGE))
		return !op->pages || reject(error, size, op, "pages", op->pages, 0);
	if (!op->pages || op->pages > (fields & PLAN_PAGES ? limit - op->page : 1)) {
		snprintf(error, size, "%s: %u pages from page %u are not there; expected 1 to %u",
			 plan_kinds[op->kind].name, op->pages, op->page,
			 fields & PLAN_PAGES ? limit - op->page : 1);
		return false;
	}
	return true;
}

/* Code and data never share a word. */
static bool word_check(const struct plan_op *op, char *error, size_t size)
{
	const bool code = op->word >= PLAN_CODE_WORD && op->word < PLAN_CODE_WORD + PLAN_CODE_WORDS;
	const char *name = plan_kinds[op->kind].name;

	if (!(plan_kinds[op->kind].fields & PLAN_WORD))
		return !op->word || reject(error, size, op, "word", op->word, 0);
	if (op->kind == PLAN_EXECUTE) {
		if (!code)
			snprintf(error, size, "%s: word %u is not for code; expected %u to %u",
				 name,
				 op->word, PLAN_CODE_WORD, PLAN_CODE_WORD + PLAN_CODE_WORDS - 1);
		return code;
	}
	if (op->word >= TOKEN_WORDS)
		return reject(error, size, op, "word", op->word, TOKEN_WORDS - 1);
	if (code)
		snprintf(error, size, "%s: word %u is for code; expected 0 to %u or %u to %u", name,
			 op->word, PLAN_CODE_WORD - 1, PLAN_CODE_WORD + PLAN_CODE_WORDS,
			 TOKEN_WORDS - 1);
	return !code;
}

bool plan_op_check(const struct plan_config *c, bool guest, const struct plan_op *op,
		   char *error, size_t size)
{
	const char *actor = guest ? "vCPU" : "host thread";
	char names[300];

	if (op->kind >= PLAN_KINDS || !plan_kind_valid(op->kind, c->kind, guest)) {
		snprintf(error, size, "'%s' is nothing that a %s does on %s memory; expected one of: %s",
			 op->kind < PLAN_KINDS ? plan_kinds[op->kind].name : "?", actor,
			 memory_kind_word(c->kind),
			 plan_kind_names(c->kind, guest, names, sizeof(names)));
		return false;
	}
	if (op->flags & ~(plan_kinds[op->kind].fields & PLAN_TO ? PLAN_TO_PRIVATE : 0))
		return reject(error, size, op, "flag", op->flags, 0);
	if (op->delay > PLAN_DELAY_MAX)
		return reject(error, size, op, "delay", op->delay, PLAN_DELAY_MAX);
	return number_check(c, op, error, size) && word_check(op, error, size);
}

void plan_init(struct plan *p, const struct plan_config *config)
{
	*p = (struct plan){ .config = *config };
	p->actors = calloc(plan_actors(p), sizeof(*p->actors));
	verdict_require(p->actors, "out of memory");
}

bool plan_add(struct plan *p, uint32_t actor, const struct plan_op *op)
{
	struct plan_actor *a = &p->actors[actor];

	if (a->count == PLAN_OPS_MAX)
		return false;
	/* Room doubles whenever the count reaches a power of two. */
	if (!(a->count & (a->count - 1))) {
		a->ops = realloc(a->ops, (a->count ? 2 * a->count : 1) * sizeof(*op));
		verdict_require(a->ops, "out of memory");
	}
	a->ops[a->count++] = *op;
	return true;
}

void plan_copy(struct plan *to, const struct plan *from)
{
	uint32_t a, i;

	plan_init(to, &from->config);
	for (a = 0; a < plan_actors(from); a++)
		for (i = 0; i < from->actors[a].count; i++)
			plan_add(to, a, &from->actors[a].ops[i]);
}

void plan_free(struct plan *p)
{
	uint32_t a;

	for (a = 0; p->actors && a < plan_actors(p); a++)
		free(p->actors[a].ops);
	free(p->actors);
	*p = (struct plan){ 0 };
}

uint32_t plan_ops(const struct plan *p)
{
	uint32_t a, n = 0;

	for (a = 0; a < plan_actors(p); a++)
		n += p->actors[a].count;
	return n;
}

uint32_t plan_longest(const struct plan *p)
{
	uint32_t a, n = 0;

	for (a = 0; a < plan_actors(p); a++)
		if (p->actors[a].count > n)
			n = p->actors[a].count;
	return n;
}

uint32_t plan_op_pages(const struct plan_config *config, const struct plan_memslot *memslots,
		       const struct plan_op *op, uint32_t *first)
{
	const unsigned int fields = plan_kinds[op->kind].fields;

	if (fields & PLAN_PAGE) {
		*first = op->page;
		return op->pages;
	}
	if (fields & PLAN_MEMSLOT) {
		*first = memslots[op->page].first;
		return memslots[op->page].pages;
	}
	*first = 0;
	return config->pages;
}

bool plan_equal(const struct plan *a, const struct plan *b)
{
	const struct plan_config *x = &a->config, *y = &b->config;
	uint32_t i;

	if (x->kind != y->kind || x->vcpus != y->vcpus || x->hosts != y->hosts ||
	    x->pages != y->pages || x->slots != y->slots || x->seed != y->seed ||
	    x->round != y->round)
		return false;
	for (i = 0; i < plan_actors(a); i++)
		if (a->actors[i].count != b->actors[i].count ||
		    (a->actors[i].count && memcmp(a->actors[i].ops, b->actors[i].ops,
						  a->actors[i].count * sizeof(struct plan_op))))
			return false;
	return true;
}
