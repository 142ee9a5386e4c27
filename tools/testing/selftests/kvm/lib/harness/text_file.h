/* SPDX-License-Identifier: GPL-2.0-only */
/* Small files of the kernel's, whose contents are text. */
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

/**
 * text_file_write() - write to a file of /proc, /sys or the like, as "echo -n TEXT > PATH" does
 * @path: a file that exists
 * @text: what to write, by one write(2)
 *
 * The file is opened with O_TRUNC, which most of them ignore; that of tracefs which is called
 * trace is emptied by it (tracing_open() in kernel/trace/trace.c).
 *
 * Return: false if the file cannot be opened, or does not take the whole text; errno says why.
 */
bool text_file_write(const char *path, const char *text);

#endif /* TEXT_FILE_H */
