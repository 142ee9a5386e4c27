/* SPDX-License-Identifier: GPL-2.0-only */
/* The words of a history's lines: history_words.c, for history_head.c and history_read.c. */
#ifndef WORD_PARTS_H
#define WORD_PARTS_H

#include "oracle/history_text.h"

#define HISTORY_PAGES_MAX	(TOKEN_PAGE_MASK + 1)

extern const char *const history_copies[];	/* private, shared; ends with a NULL */

unsigned int history_words_split(char *line, char **words, unsigned int max);
bool history_number_take(char **text, uint64_t maximum, uint64_t *value);
bool history_prefix_take(char **text, const char *prefix);
bool history_range_parse(char *text, uint32_t limit, uint32_t *page, uint32_t *pages);
unsigned int history_word_index(const char *word, const char *const *list);
enum history_line history_bad(char *error, size_t size, const char *word, const char *expected);

#endif /* WORD_PARTS_H */
