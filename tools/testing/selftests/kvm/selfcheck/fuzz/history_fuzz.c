// SPDX-License-Identifier: GPL-2.0-only
/* Any bytes as lines of a history: refused in one line, or read, and printed and read again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "harness/text_line.h"
#include "oracle/history_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LINE	4096

static void told(const char *error)
{
	if (!*error || strchr(error, '\n'))
		abort();
}

/* What was printed of an event is that event. */
static void again(const struct event *event, enum history_line kind, unsigned int vm)
{
	char text[LINE] = "", error[200] = "";
	struct event back[2] = { 0 };
	FILE *file = fmemopen(text, sizeof(text), "w");

	history_print_event(file, event, vm);
	fclose(file);
	if (history_parse(text, vm, back, error, sizeof(error)) != kind ||
	    memcmp(event, back, (1 + (kind == HISTORY_EXCHANGE)) * sizeof(*event))) {
		fprintf(stderr, "%s: %s\n", text, error);
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char line[LINE], error[200] = "";
	struct checker_config config = { 0 };
	struct event event[2] = { 0 };
	FILE *file = size ? fmemopen((void *)data, size, "r") : NULL;
	int got;

	if (!file)
		return 0;
	if (text_line_read(file, line, sizeof(line), error, sizeof(error)) > 0 &&
	    !history_parse_head(line, &config, error, sizeof(error)))
		told(error);
	free((void *)config.state);
	while ((got = text_line_read(file, line, sizeof(line), error, sizeof(error))) > 0) {
		enum history_line kind = history_parse(line, config.vm, event, error,
						       sizeof(error));

		if (kind == HISTORY_BAD)
			told(error);
		if (kind == HISTORY_EVENT || kind == HISTORY_EXCHANGE)
			again(event, kind, config.vm);
	}
	if (got < 0)
		told(error);
	fclose(file);
	return 0;
}
