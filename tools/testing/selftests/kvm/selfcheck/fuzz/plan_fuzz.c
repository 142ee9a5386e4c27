// SPDX-License-Identifier: GPL-2.0-only
/* Any bytes as a plan: refused in one line, or read, and what is printed of it is read back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "plan/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool read_text(struct plan *plan, const void *text, size_t size, char *error, size_t room)
{
	FILE *file = fmemopen((void *)text, size, "r");
	bool good = file && plan_read(plan, file, "fuzz", error, room);

	if (file)
		fclose(file);
	return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char error[PLAN_ERROR_MAX] = "", *text = NULL;
	struct plan plan, again;
	size_t length;
	FILE *file;

	if (!size)
		return 0;
	if (!read_text(&plan, data, size, error, sizeof(error))) {
		if (!*error || strchr(error, '\n'))
			abort();
		return 0;
	}
	file = open_memstream(&text, &length);
	if (!plan_write(&plan, file))
		abort();
	fclose(file);
	if (!read_text(&again, text, length, error, sizeof(error))) {
		fprintf(stderr, "%s\n", error);
		abort();
	}
	if (!plan_equal(&plan, &again))
		abort();
	plan_free(&plan);
	plan_free(&again);
	free(text);
	return 0;
}
