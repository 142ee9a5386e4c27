// SPDX-License-Identifier: GPL-2.0-only
/* Histories read from text; see history_text.h. */
#include <stdlib.h>
#include <string.h>
#include "harness/text_field.h"
#include "oracle/history_text.h"
#include "oracle/word_parts.h"

#define WORDS_MAX	10	/* of an event: BEGIN to LEFT, private, shared, maybe */

static const char *const KINDS[] = {
	"read", "write", "reset", "convert", "undefined", "exchange", NULL
};
#define EXCHANGE	EVENT_KINDS	/* its place in KINDS */

static bool actor_take(char **text, uint64_t *actor)
{
	if (history_prefix_take(text, "fill")) {
		*actor = TOKEN_ACTOR_FILL;
		return true;
	}
	if (history_prefix_take(text, "vcpu"))
		return history_number_take(text, TOKEN_ACTOR_HOST - 1, actor);
	if (!history_prefix_take(text, "host") ||
	    !history_number_take(text, TOKEN_ACTOR_FILL - TOKEN_ACTOR_HOST - 1, actor))
		return false;
	*actor += TOKEN_ACTOR_HOST;
	return true;
}

static bool place_take(char **text, uint64_t *page, uint64_t *word)
{
	return history_number_take(text, HISTORY_PAGES_MAX - 1, page) &&
	       history_prefix_take(text, "/") &&
	       history_number_take(text, TOKEN_WORDS - 1, word);
}

static bool value_parse(char *text, unsigned int vm, const struct event *e, uint64_t *value)
{
	uint64_t home = vm, actor, seq, page = e->page, word = e->word;

	if (*text >= '0' && *text <= '9')
		return history_number_take(&text, UINT64_MAX, value) && !*text;
	if (history_prefix_take(&text, "vm") && !(history_number_take(&text, 15, &home) && history_prefix_take(&text, ":")))
		return false;
	if (!actor_take(&text, &actor) || !history_prefix_take(&text, "#") ||
	    !history_number_take(&text, TOKEN_SEQ_MASK, &seq))
		return false;
	if (*text && !(history_prefix_take(&text, "@") && place_take(&text, &page, &word)))
		return false;
	*value = token_make(home, actor, seq, page, word);
	return !*text;
}

/* Words that may follow, each once; NULL if all were understood, else the first that was not. */
static const char *flags_parse(char **words, struct event *e)
{
	for (; *words; words++) {
		unsigned int copy = history_word_index(*words, history_copies);

		uint8_t flag = 0;

		if (copy < 2 && e->kind != EVENT_CONVERT)
			flag = EVENT_COPY0 << copy;
		else if (!strcmp(*words, "maybe") && e->kind != EVENT_READ)
			flag = EVENT_MAYBE;
		if (!flag || e->flags & flag)
			return *words;
		e->flags |= flag;
	}
	return NULL;
}

/* @words from the place on; all of them end with a NULL. */
static enum history_line access_parse(char **words, unsigned int kind, unsigned int vm,
				      struct event event[2], char *error, size_t size)
{
	const char *const what = "0, a number, or a token [vmN:]ACTOR#SEQUENCE[@PAGE/WORD]";
	struct event *e = event;
	uint64_t page, word;
	char *text = words[0];

	if (!text || !place_take(&text, &page, &word) || *text)
		return history_bad(error, size, words[0], "PAGE/WORD");
	e->page = page;
	e->word = word;
	e->kind = kind == EXCHANGE ? EVENT_READ : kind;
	if (!words[1] || !value_parse(words[1], vm, e, &e->value))
		return history_bad(error, size, words[1], what);
	words += 2;
	event[1] = *e;
	event[1].kind = EVENT_WRITE;
	if (kind == EXCHANGE) {
		if (!*words || !value_parse(*words, vm, e, &event[1].value))
			return history_bad(error, size, *words, what);
		words++;
		e->flags |= EVENT_ATOMIC;
	}
	text = (char *)flags_parse(words, e);
	event[1].flags = e->flags;
	if (text)
		return history_bad(error, size, text, kind == EVENT_WRITE ?
			   "private, shared, maybe, each once" : "private, shared, each once");
	return kind == EXCHANGE ? HISTORY_EXCHANGE : HISTORY_EVENT;
}

static enum history_line pages_parse(char **words, unsigned int kind, struct event *e,
				     char *error, size_t size)
{
	const char *wrong;

	e->kind = kind;
	if (!words[0] || !history_range_parse(words[0], HISTORY_PAGES_MAX, &e->page, &e->pages))
		return history_bad(error, size, words[0], "PAGE or FIRST-LAST");
	words++;
	if (kind == EVENT_CONVERT) {
		e->value = *words ? history_word_index(*words, history_copies) : 2;
		if (e->value > 1)
			return history_bad(error, size, *words, "private or shared");
		words++;
	}
	wrong = flags_parse(words, e);
	if (!wrong)
		return HISTORY_EVENT;
	return history_bad(error, size, wrong, kind == EVENT_CONVERT ? "maybe once, or nothing" :
		   "private, shared, maybe, each once");
}

enum history_line history_parse(char *line, unsigned int vm, struct event event[2], char *error,
				size_t size)
{
	char *words[WORDS_MAX + 1], *text;
	unsigned int n = history_words_split(line, words, WORDS_MAX), kind;
	struct event *e = event;
	uint64_t actor;

	*e = (struct event){ .pages = 1 };
	if (!n)
		return HISTORY_EMPTY;
	if (n > WORDS_MAX) {
		snprintf(error, size, "%u words; expected at most %u of an event", n, WORDS_MAX);
		return HISTORY_BAD;
	}
	if (n == 1 && !strcmp(words[0], "barrier"))
		return HISTORY_BARRIER;
	if (!text_number_parse(words[0], UINT64_MAX, &e->begin))
		return history_bad(error, size, words[0], "the ticket of the begin, or barrier");
	if (n < 2 || !text_number_parse(words[1], UINT64_MAX, &e->end))
		return history_bad(error, size, words[1], "the ticket of the end");
	text = words[2];
	if (!text || !actor_take(&text, &actor) || *text)
		return history_bad(error, size, words[2], "vcpuN, hostN or fill");
	e->actor = actor;
	kind = n > 3 ? history_word_index(words[3], KINDS) : EXCHANGE + 1;
	if (kind > EXCHANGE)
		return history_bad(error, size, words[3],
			   "read, write, exchange, reset, convert or undefined");
	if (kind == EVENT_READ || kind == EVENT_WRITE || kind == EXCHANGE)
		return access_parse(words + 4, kind, vm, event, error, size);
	return pages_parse(words + 4, kind, e, error, size);
}
