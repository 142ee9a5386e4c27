// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include "harness/text_line.h"

int text_line_read(FILE *file, char *line, size_t size, char *error, size_t error_size)
{
	size_t n = 0;
	int c;

	while ((c = getc(file)) != EOF && c != '\n') {
		if (n == size - 1) {
			snprintf(error, error_size, "line too long; expected at most %zu bytes",
				 size - 1);
			return -1;
		}
		if (c < ' ' && c != '\t' && c != '\r') {
			snprintf(error, error_size, "byte %#x is no text; expected lines of words",
				 c);
			return -1;
		}
		line[n++] = c;
	}
	if (ferror(file)) {
		snprintf(error, error_size, "cannot read: %s; expected a text file",
			 strerror(errno));
		return -1;
	}
	if (c == EOF && !n)
		return 0;
	if (n && line[n - 1] == '\r')
		n--;
	line[n] = '\0';
	return 1;
}
