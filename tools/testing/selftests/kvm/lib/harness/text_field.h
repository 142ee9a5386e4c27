/* SPDX-License-Identifier: GPL-2.0-only */
/* NAME=VALUE words of a line of text, read with mistakes explained. */
#ifndef TEXT_FIELD_H
#define TEXT_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text_field {
	const char *name;
	uint64_t value;			/* default, then what was read */
	uint64_t maximum;		/* of a number */
	const char *const *words;	/* instead of numbers, up to a NULL: value is the index */
	bool required, given;
};

/* A number up to @maximum: decimal (a leading zero means nothing) or, after 0x, hexadecimal. */
bool text_number_parse(const char *text, uint64_t maximum, uint64_t *value);

/**
 * text_fields_parse() - read the words of a line
 * @fields: what may be there, in any order; ends with a NULL name
 * @words: of the line: what it is about, then NAME=VALUE each; ends with a NULL
 * @error: one line, if it returns false: what is wrong and what was expected
 * @size: bytes in @error
 */
bool text_fields_parse(struct text_field *fields, char **words, char *error, size_t size);

#endif /* TEXT_FIELD_H */
