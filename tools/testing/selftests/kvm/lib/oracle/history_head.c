// SPDX-License-Identifier: GPL-2.0-only
/* The first line of a history; see history_text.h. */
#include <stdlib.h>
#include <string.h>
#include "oracle/history_text.h"
#include "oracle/word_parts.h"

/* Words of the head that were there already. */
struct head {
	bool vm, split;
};

/* One word of the head but pages=; false if it is wrong, or was there before. */
static bool head_word(char *word, struct head *head, struct checker_config *config)
{
	uint32_t page, pages;
	uint64_t value;

	if (!strcmp(word, "split")) {
		config->split = !head->split;
		head->split = true;
		return config->split;
	}
	if (history_prefix_take(&word, "vm=")) {
		if (head->vm || !history_number_take(&word, 15, &value) || *word)
			return false;
		head->vm = true;
		config->vm = value;
		return true;
	}
	if (history_prefix_take(&word, "undefined=") &&
	    history_word_index(word, history_copies) < 2) {
		config->undefined[history_word_index(word, history_copies)] = true;
		return true;
	}
	if (!history_prefix_take(&word, "shared=") ||
	    !history_range_parse(word, config->pages, &page, &pages))
		return false;
	memset((uint8_t *)config->state + page, 1, pages);
	return true;
}

/* pages=, which decides about the rest: 1 if it is not there, 0 if it is wrong or there twice. */
static uint64_t head_pages(char **words, char **wrong)
{
	uint64_t pages = 0;
	char *text;

	for (; *words; words++) {
		text = *words;
		if (!history_prefix_take(&text, "pages="))
			continue;
		*wrong = *words;
		if (pages || !history_number_take(&text, HISTORY_PAGES_MAX, &pages) || *text ||
		    !pages)
			return 0;
	}
	return pages ? pages : 1;
}

static bool head_parse(char **words, struct checker_config *config, char *error, size_t size)
{
	struct head head = { 0 };
	char *wrong = NULL;

	if (!words[0] || strcmp(words[0], "history"))
		return history_bad(error, size, words[0], "history, the first line") != HISTORY_BAD;
	config->pages = head_pages(words, &wrong);
	if (!config->pages)
		return history_bad(error, size, wrong, "pages=N, once") != HISTORY_BAD;
	config->state = calloc(config->pages, 1);
	for (words++; *words && config->state; words++) {
		if (!strncmp(*words, "pages=", 6) || head_word(*words, &head, config))
			continue;
		history_bad(error, size, *words, "shared=PAGES, undefined=private|shared, or once each of vm=N, pages=N, split");
		return false;
	}
	return config->state;
}

bool history_parse_head(char *line, struct checker_config *config, char *error, size_t size)
{
	const unsigned int max = strlen(line) / 2 + 1;
	char **words = calloc(max + 1, sizeof(*words));
	bool good = false;

	*config = (struct checker_config){ 0 };
	if (words) {
		history_words_split(line, words, max);
		good = head_parse(words, config, error, size);
	} else {
		snprintf(error, size, "out of memory");
	}
	free(words);
	return good;
}
