// SPDX-License-Identifier: GPL-2.0-only
/* Histories read from text; see history_text.h. */
#include <stdlib.h>
#include <string.h>
#include "harness/text_field.h"
#include "oracle/history_text.h"

#define WORDS_MAX	12
#define PAGES_MAX	(TOKEN_PAGE_MASK + 1)

static const char *const KINDS[] = {
	"read", "write", "reset", "convert", "undefined", "exchange", NULL
};
#define EXCHANGE	EVENT_KINDS	/* its place in KINDS */

/* A comment is a word that begins with #; within a word it is part of a token. */
static unsigned int words_split(char *line, char **words)
{
	unsigned int n = 0;
	char *rest, *word;

	for (word = strtok_r(line, " \t\n", &rest); word && *word != '#' && n < WORDS_MAX;
	     word = strtok_r(NULL, " \t\n", &rest))
		words[n++] = word;
	words[n] = NULL;
	return n;
}

/* A number at the start of *@text; moves on behind it. */
static bool number_take(char **text, uint64_t maximum, uint64_t *value)
{
	size_t n = strspn(*text, "0123456789abcdefx");
	char digits[24];

	if (n >= sizeof(digits))
		return false;
	memcpy(digits, *text, n);
	digits[n] = '\0';
	*text += n;
	return text_number_parse(digits, maximum, value);
}

static bool prefix_take(char **text, const char *prefix)
{
	size_t n = strlen(prefix);

	if (strncmp(*text, prefix, n))
		return false;
	*text += n;
	return true;
}

static bool actor_take(char **text, uint64_t *actor)
{
	if (prefix_take(text, "fill")) {
		*actor = TOKEN_ACTOR_FILL;
		return true;
	}
	if (prefix_take(text, "vcpu"))
		return number_take(text, TOKEN_ACTOR_HOST - 1, actor);
	if (!prefix_take(text, "host") ||
	    !number_take(text, TOKEN_ACTOR_FILL - TOKEN_ACTOR_HOST - 1, actor))
		return false;
	*actor += TOKEN_ACTOR_HOST;
	return true;
}

static bool place_take(char **text, uint64_t *page, uint64_t *word)
{
	return number_take(text, PAGES_MAX - 1, page) && prefix_take(text, "/") &&
	       number_take(text, TOKEN_WORDS - 1, word);
}

static bool value_parse(char *text, unsigned int vm, const struct event *e, uint64_t *value)
{
	uint64_t home = vm, actor, seq, page = e->page, word = e->word;

	if (*text >= '0' && *text <= '9')
		return number_take(&text, UINT64_MAX, value) && !*text;
	if (prefix_take(&text, "vm") && !(number_take(&text, 15, &home) && prefix_take(&text, ":")))
		return false;
	if (!actor_take(&text, &actor) || !prefix_take(&text, "#") ||
	    !number_take(&text, TOKEN_SEQ_MASK, &seq))
		return false;
	if (*text && !(prefix_take(&text, "@") && place_take(&text, &page, &word)))
		return false;
	*value = token_make(home, actor, seq, page, word);
	return !*text;
}

static bool range_parse(char *text, uint32_t limit, uint32_t *page, uint32_t *pages)
{
	uint64_t first, last;

	if (!number_take(&text, limit - 1, &first))
		return false;
	last = first;
	if (*text && !(prefix_take(&text, "-") && number_take(&text, limit - 1, &last)))
		return false;
	*page = first;
	*pages = last - first + 1;
	return !*text && last >= first;
}

/* Index of a word in a list; the length of the list if it is not there. */
static unsigned int word_index(const char *word, const char *const *list)
{
	unsigned int i;

	for (i = 0; list[i] && strcmp(word, list[i]); i++)
		;
	return i;
}

static enum history_line bad(char *error, size_t size, const char *word, const char *expected)
{
	snprintf(error, size, "'%.40s': expected %s", word ? word : "end of line", expected);
	return HISTORY_BAD;
}

static const char *const COPIES[] = { "private", "shared", NULL };

/* The words that may follow; NULL when all were understood, else the first that was not. */
static const char *flags_parse(char **words, struct event *e)
{
	for (; *words; words++) {
		unsigned int copy = word_index(*words, COPIES);

		if (copy < 2 && e->kind != EVENT_CONVERT)
			e->flags |= EVENT_COPY0 << copy;
		else if (!strcmp(*words, "maybe") && e->kind != EVENT_READ)
			e->flags |= EVENT_MAYBE;
		else
			return *words;
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
		return bad(error, size, words[0], "PAGE/WORD");
	e->page = page;
	e->word = word;
	e->kind = kind == EXCHANGE ? EVENT_READ : kind;
	if (!words[1] || !value_parse(words[1], vm, e, &e->value))
		return bad(error, size, words[1], what);
	words += 2;
	event[1] = *e;
	event[1].kind = EVENT_WRITE;
	if (kind == EXCHANGE) {
		if (!*words || !value_parse(*words, vm, e, &event[1].value))
			return bad(error, size, *words, what);
		words++;
		e->flags |= EVENT_ATOMIC;
	}
	text = (char *)flags_parse(words, e);
	event[1].flags = e->flags;
	if (text)
		return bad(error, size, text, kind == EVENT_WRITE ?
			   "private, shared, maybe or nothing" : "private, shared or nothing");
	return kind == EXCHANGE ? HISTORY_EXCHANGE : HISTORY_EVENT;
}

static enum history_line pages_parse(char **words, unsigned int kind, struct event *e,
				     char *error, size_t size)
{
	const char *wrong;

	e->kind = kind;
	if (!words[0] || !range_parse(words[0], PAGES_MAX, &e->page, &e->pages))
		return bad(error, size, words[0], "PAGE or FIRST-LAST");
	words++;
	if (kind == EVENT_CONVERT) {
		e->value = *words ? word_index(*words, COPIES) : 2;
		if (e->value > 1)
			return bad(error, size, *words, "private or shared");
		words++;
	}
	wrong = flags_parse(words, e);
	if (!wrong)
		return HISTORY_EVENT;
	return bad(error, size, wrong, kind == EVENT_CONVERT ? "maybe or nothing" :
		   "private, shared, maybe or nothing");
}

enum history_line history_parse(char *line, unsigned int vm, struct event event[2], char *error,
				size_t size)
{
	char *words[WORDS_MAX + 1], *text;
	unsigned int n = words_split(line, words), kind;
	struct event *e = event;
	uint64_t actor;

	*e = (struct event){ .pages = 1 };
	if (!n)
		return HISTORY_EMPTY;
	if (n == 1 && !strcmp(words[0], "barrier"))
		return HISTORY_BARRIER;
	if (!text_number_parse(words[0], UINT64_MAX, &e->begin))
		return bad(error, size, words[0], "the ticket of the begin, or barrier");
	if (n < 2 || !text_number_parse(words[1], UINT64_MAX, &e->end))
		return bad(error, size, words[1], "the ticket of the end");
	text = words[2];
	if (!text || !actor_take(&text, &actor) || *text)
		return bad(error, size, words[2], "vcpuN, hostN or fill");
	e->actor = actor;
	kind = n > 3 ? word_index(words[3], KINDS) : EXCHANGE + 1;
	if (kind > EXCHANGE)
		return bad(error, size, words[3],
			   "read, write, exchange, reset, convert or undefined");
	if (kind == EVENT_READ || kind == EVENT_WRITE || kind == EXCHANGE)
		return access_parse(words + 4, kind, vm, event, error, size);
	return pages_parse(words + 4, kind, e, error, size);
}

static bool head_word(char *word, struct checker_config *config)
{
	uint32_t page, pages;
	uint64_t value;

	if (!strcmp(word, "split")) {
		config->split = true;
		return true;
	}
	if (prefix_take(&word, "vm=")) {
		if (!number_take(&word, 15, &value) || *word)
			return false;
		config->vm = value;
		return true;
	}
	if (prefix_take(&word, "undefined=") && word_index(word, COPIES) < 2) {
		config->undefined[word_index(word, COPIES)] = true;
		return true;
	}
	if (!prefix_take(&word, "shared=") || !range_parse(word, config->pages, &page, &pages))
		return false;
	memset((uint8_t *)config->state + page, 1, pages);
	return true;
}

bool history_parse_head(char *line, struct checker_config *config, char *error, size_t size)
{
	char *words[WORDS_MAX + 1], *text;
	uint64_t pages = 1;
	unsigned int i;

	*config = (struct checker_config){ 0 };
	if (!words_split(line, words) || strcmp(words[0], "history"))
		return bad(error, size, words[0], "history, the first line") != HISTORY_BAD;
	for (i = 1; words[i]; i++) {
		text = words[i];
		if (prefix_take(&text, "pages=") &&
		    (!number_take(&text, PAGES_MAX, &pages) || *text || !pages))
			return bad(error, size, words[i], "pages=N") != HISTORY_BAD;
	}
	config->pages = pages;
	config->state = calloc(pages, 1);
	for (i = 1; words[i] && config->state; i++) {
		if (!strncmp(words[i], "pages=", 6) || head_word(words[i], config))
			continue;
		bad(error, size, words[i],
		    "vm=N, pages=N, split, shared=PAGES or undefined=private|shared");
		return false;
	}
	return config->state;
}
