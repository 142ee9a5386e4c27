/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef TEXT_FILE_H
#define TEXT_FILE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * text_file_read() - a whole file of /proc or the like, as a string
 * @path: the file
 * @text: its text, cut off if it does not fit
 * @size: bytes at @text
 *
 * Return: false if nothing could be read; @text is empty then.
 */
bool text_file_read(const char *path, char *text, size_t size);

#endif /* TEXT_FILE_H */
