// SPDX-License-Identifier: GPL-2.0-only
/* Histories written as text; see history_text.h. */
#include <inttypes.h>
#include <stdlib.h>
#include "oracle/history_text.h"

static const char *const COPY_NAME[2] = { "private", "shared" };

static void actor_print(FILE *file, unsigned int actor)
{
	if (actor >= TOKEN_ACTOR_FILL)
		fprintf(file, "fill");
	else if (actor >= TOKEN_ACTOR_HOST)
		fprintf(file, "host%u", actor - TOKEN_ACTOR_HOST);
	else
		fprintf(file, "vcpu%u", actor);
}

/* Whatever is not exactly a token as the parser would make it stays a number. */
static void value_print(FILE *file, uint64_t value, const struct event *e, unsigned int vm)
{
	if (!value) {
		fprintf(file, " 0");
		return;
	}
	if (!token_valid(value) || token_actor(value) > TOKEN_ACTOR_FILL) {
		fprintf(file, " %#" PRIx64, value);
		return;
	}
	fputc(' ', file);
	if (token_vm(value) != (vm & 0xf))
		fprintf(file, "vm%u:", token_vm(value));
	actor_print(file, token_actor(value));
	fprintf(file, "#%u", token_seq(value));
	if (token_page(value) != (e->page & TOKEN_PAGE_MASK) || token_word(value) != e->word)
		fprintf(file, "@%u/%u", token_page(value), token_word(value));
}

static void range_print(FILE *file, uint32_t page, uint32_t pages)
{
	fprintf(file, "%u", page);
	if (pages > 1)
		fprintf(file, "-%u", page + pages - 1);
}

void history_print_head(FILE *file, const struct checker_config *config)
{
	uint32_t page, first = 0;
	unsigned int copy;

	fprintf(file, "history vm=%u pages=%u%s", config->vm, config->pages,
		config->split ? " split" : "");
	for (page = 0; page <= config->pages; page++) {
		bool shared = page < config->pages &&
			      (config->state ? config->state[page] : config->shared);

		if (shared)
			continue;
		if (page > first) {
			fprintf(file, " shared=");
			range_print(file, first, page - first);
		}
		first = page + 1;
	}
	for (copy = 0; copy < 2; copy++)
		if (config->undefined[copy])
			fprintf(file, " undefined=%s", COPY_NAME[copy]);
	fputc('\n', file);
}

void history_print_event(FILE *file, const struct event *event, unsigned int vm)
{
	static const char *const kinds[] = { "read", "write", "reset", "convert", "undefined" };
	bool exchange = event->flags & EVENT_ATOMIC;
	unsigned int copy;

	fprintf(file, "%" PRIu64 " %" PRIu64 " ", event->begin, event->end);
	actor_print(file, event->actor);
	fprintf(file, " %s ", exchange ? "exchange" : kinds[event->kind]);
	if (event->kind == EVENT_READ || event->kind == EVENT_WRITE) {
		fprintf(file, "%u/%u", event->page, event->word);
		value_print(file, event->value, event, vm);
		if (exchange)
			value_print(file, event[1].value, event, vm);
	} else {
		range_print(file, event->page, event->pages);
	}
	if (event->kind == EVENT_CONVERT)
		fprintf(file, " %s", COPY_NAME[event->value & 1]);
	for (copy = 0; copy < 2; copy++)
		if (event->flags & EVENT_COPY0 << copy)
			fprintf(file, " %s", COPY_NAME[copy]);
	fprintf(file, "%s\n", event->flags & EVENT_MAYBE ? " maybe" : "");
}

/* The log whose next event began first; NULL when all are at their end. */
static uint32_t *log_first(const struct history_log *const *logs, unsigned int count, uint32_t *at,
			   const struct event **event)
{
	uint32_t *first = NULL;
	unsigned int i;

	for (i = 0; i < count; i++) {
		const struct event *e = &logs[i]->events[at[i]];

		if (at[i] < history_log_count(logs[i]) && (!first || e->begin < (*event)->begin)) {
			first = &at[i];
			*event = e;
		}
	}
	return first;
}

void history_print(FILE *file, const struct history_log *const *logs, unsigned int count,
		   unsigned int vm, uint64_t from, uint64_t to)
{
	uint32_t *at = calloc(count, sizeof(*at)), *next;
	const struct event *e = NULL;

	while (at && (next = log_first(logs, count, at, &e))) {
		*next += e->flags & EVENT_ATOMIC ? 2 : 1;
		if (e->end >= from && e->begin <= to)
			history_print_event(file, e, vm);
	}
	free(at);
}
