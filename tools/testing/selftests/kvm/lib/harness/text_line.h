/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines of a text file that somebody may have written by hand, or damaged. */
#ifndef TEXT_LINE_H
#define TEXT_LINE_H

#include <stdio.h>

/**
 * text_line_read() - read the next line, without its end
 * @file: where from
 * @line: the line; a carriage return at its end is none of it
 * @size: bytes at @line
 * @error: one line, if it returns -1: what is wrong and what is allowed
 * @error_size: bytes at @error
 *
 * Return: 1, or 0 at the end of the file; -1 if the line is too long, has a byte that is no text
 * (below a blank, but for a tab), or cannot be read.
 */
int text_line_read(FILE *file, char *line, size_t size, char *error, size_t error_size);

#endif /* TEXT_LINE_H */
