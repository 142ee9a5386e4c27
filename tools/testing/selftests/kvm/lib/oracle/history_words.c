// SPDX-License-Identifier: GPL-2.0-only
/* The words of a history's lines. */
#include <string.h>
#include "harness/text_field.h"
#include "oracle/word_parts.h"

#define BLANKS		" \t\r\n"

const char *const history_copies[] = { "private", "shared", NULL };

/*
 * A comment is a word that begins with #; within a word it is part of a token.  Returns how many
 * words there are; of more than @max only so many are in @words, which ends with a NULL.
 */
unsigned int history_words_split(char *line, char **words, unsigned int max)
{
	unsigned int n = 0;
	char *rest, *word;

	for (word = strtok_r(line, BLANKS, &rest); word && *word != '#';
	     word = strtok_r(NULL, BLANKS, &rest)) {
		if (n < max)
			words[n] = word;
		n++;
	}
	words[n < max ? n : max] = NULL;
	return n;
}

/* A number at the start of *@text; moves on behind it. */
bool history_number_take(char **text, uint64_t maximum, uint64_t *value)
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

bool history_prefix_take(char **text, const char *prefix)
{
	size_t n = strlen(prefix);

	if (strncmp(*text, prefix, n))
		return false;
	*text += n;
	return true;
}

bool history_range_parse(char *text, uint32_t limit, uint32_t *page, uint32_t *pages)
{
	uint64_t first, last;

	if (!history_number_take(&text, limit - 1, &first))
		return false;
	last = first;
	if (*text && !(history_prefix_take(&text, "-") &&
		       history_number_take(&text, limit - 1, &last)))
		return false;
	*page = first;
	*pages = last - first + 1;
	return !*text && last >= first;
}

/* Index of a word in a list; the length of the list if it is not there. */
unsigned int history_word_index(const char *word, const char *const *list)
{
	unsigned int i;

	for (i = 0; list[i] && strcmp(word, list[i]); i++)
		;
	return i;
}

enum history_line history_bad(char *error, size_t size, const char *word, const char *expected)
{
	snprintf(error, size, "'%.40s': expected %s", word ? word : "end of line", expected);
	return HISTORY_BAD;
}
