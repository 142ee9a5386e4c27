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

/**
 * text_number_parse() - read a number
 * @text: decimal digits (a leading zero means nothing) or, after 0x, hexadecimal ones in lower
 *        case; nothing else before or after them
 * @maximum: what the number may be at most
 * @value: the number
 *
 * Return: false if @text is no such number; @value is undefined then.
 */
bool text_number_parse(const char *text, uint64_t maximum, uint64_t *value);

/**
 * text_fields_parse() - read the words of a line
 * @fields: what may be there, in any order; ends with a NULL name
 * @words: of the line: what it is about, then NAME=VALUE each; ends with a NULL
 * @error: one line, if it returns false: what is wrong and what was expected
 * @size: bytes at @error
 *
 * Return: false if a word is none of @fields, is given twice, or has a value that is not allowed,
 * or if a field that is required is missing.
 */
bool text_fields_parse(struct text_field *fields, char **words, char *error, size_t size);

#endif /* TEXT_FIELD_H */
