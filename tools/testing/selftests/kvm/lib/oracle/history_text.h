/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Histories as text, for golden files and for the directory that a failure leaves.
 *
 * First line, words after the first optional: which VM's tokens are at home (0), how many
 * pages (1), two copies of each page (in place), which pages start shared (none: private),
 * conversions to what leave contents undefined (none):
 *
 *	history [vm=N] [pages=N] [split] [shared=PAGES]... [undefined=private|shared]...
 *
 * Then one event per line, in any order, or "barrier"; # begins a comment:
 *
 *	BEGIN END ACTOR read PAGE/WORD VALUE [private|shared]
 *	BEGIN END ACTOR write PAGE/WORD VALUE [private|shared] [maybe]
 *	BEGIN END ACTOR exchange PAGE/WORD FOUND LEFT [private|shared]
 *	BEGIN END ACTOR reset PAGES [private|shared] [maybe]
 *	BEGIN END ACTOR convert PAGES private|shared [maybe]
 *	BEGIN END ACTOR undefined PAGES [private|shared] [maybe]
 *
 *	BEGIN, END	tickets
 *	ACTOR		vcpuN, hostN, fill
 *	PAGES		N or FIRST-LAST
 *	VALUE		0, any other number, or a token: [vmN:]ACTOR#SEQUENCE[@PAGE/WORD]
 */
#ifndef HISTORY_TEXT_H
#define HISTORY_TEXT_H

#include <stdio.h>
#include "abi/history.h"
#include "oracle/checker.h"

enum history_line { HISTORY_EMPTY, HISTORY_EVENT, HISTORY_EXCHANGE, HISTORY_BARRIER, HISTORY_BAD };

/**
 * history_parse_head() - read the first line of a history
 * @line: the line; is cut into words
 * @config: what it says; state is allocated, one byte for each page
 * @error: one line, if it returns false
 * @size: bytes in @error
 *
 * Return: true if it is one.
 */
bool history_parse_head(char *line, struct checker_config *config, char *error, size_t size);

/**
 * history_parse() - read any other line
 * @line: the line; is cut into words
 * @vm: whose tokens are at home
 * @event: the event, or the two of an exchange
 * @error: one line, if it returns HISTORY_BAD
 * @size: bytes in @error
 *
 * Return: what the line is.
 */
enum history_line history_parse(char *line, unsigned int vm, struct event event[2], char *error,
				size_t size);

/**
 * history_print_head() - write the first line of a history
 * @file: where to
 * @config: what it says
 */
void history_print_head(FILE *file, const struct checker_config *config);

/**
 * history_print_event() - write the line of an event, or of the two of an exchange
 * @file: where to
 * @event: the event, the one after it is looked at only for an exchange
 * @vm: number of the VM whose tokens are at home
 */
void history_print_event(FILE *file, const struct event *event, unsigned int vm);

/**
 * history_print() - events of several logs, in order of begin
 * @file: where to
 * @logs: the logs
 * @count: how many
 * @vm: whose tokens are at home
 * @from: leave out events that ended before this ticket
 * @to: leave out events that began after this one
 */
void history_print(FILE *file, const struct history_log *const *logs, unsigned int count,
		   unsigned int vm, uint64_t from, uint64_t to);

#endif /* HISTORY_TEXT_H */
