// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include "harness/text_field.h"

bool text_number_parse(const char *text, uint64_t maximum, uint64_t *value)
{
	const unsigned int base = text[0] == '0' && text[1] == 'x' ? 16 : 10;
	const char *const digits = "0123456789abcdef", *d;

	if (base == 16)
		text += 2;
	if (!*text)
		return false;
	for (*value = 0; *text; text++) {
		d = memchr(digits, *text, base);
		if (!d || *value > (UINT64_MAX - (d - digits)) / base)
			return false;
		*value = *value * base + (d - digits);
	}
	return *value <= maximum;
}

static bool parse_value(struct text_field *f, const char *text, char *error, size_t size)
{
	char list[60] = "";
	unsigned int i;
	size_t n = 0;

	if (!f->words) {
		if (text_number_parse(text, f->maximum, &f->value))
			return true;
		snprintf(error, size, "%s=%.40s is not allowed; expected a number from 0 to %llu",
			 f->name, text, (unsigned long long)f->maximum);
		return false;
	}
	for (i = 0; f->words[i]; i++) {
		if (!strcmp(f->words[i], text)) {
			f->value = i;
			return true;
		}
		n += snprintf(list + n, sizeof(list) - n, "%s%s", i ? ", " : "", f->words[i]);
	}
	snprintf(error, size, "%s=%.40s is not allowed; expected one of: %s", f->name, text, list);
	return false;
}

static bool unknown(const char *word, const char *line, const struct text_field *fields,
		    char *error, size_t size)
{
	char list[120] = "";
	size_t n = 0;

	for (; fields->name; fields++)
		n += snprintf(list + n, sizeof(list) - n, "%s%s", n ? ", " : "", fields->name);
	snprintf(error, size, "'%.40s' is no field of %s; expected NAME=VALUE of: %s", word, line,
		 list);
	return false;
}

bool text_fields_parse(struct text_field *fields, char **words, char *error, size_t size)
{
	const char *line = *words;
	struct text_field *f;
	size_t n;

	while (*++words) {
		n = strcspn(*words, "=");
		for (f = fields; f->name; f++)
			if (strlen(f->name) == n && !strncmp(f->name, *words, n))
				break;
		if (!f->name || !(*words)[n])
			return unknown(*words, line, fields, error, size);
		if (f->given) {
			snprintf(error, size, "%s is given twice; expected once", f->name);
			return false;
		}
		f->given = true;
		if (!parse_value(f, *words + n + 1, error, size))
			return false;
	}
	for (f = fields; f->name; f++)
		if (f->required && !f->given) {
			snprintf(error, size, "%s without %s; expected %s=", line, f->name,
				 f->name);
			return false;
		}
	return true;
}
