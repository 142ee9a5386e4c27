/* SPDX-License-Identifier: GPL-2.0-only */
/* Plans and their text for the checks of plan, mix and minimise. */
#ifndef PLAN_FIXTURE_H
#define PLAN_FIXTURE_H

#include <stdlib.h>
#include <string.h>
#include "plan/plan.h"

static inline struct plan_config plan_fixture(enum memory_kind kind, uint32_t ops)
{
	return (struct plan_config){ .kind = kind, .vcpus = 2, .hosts = 2, .pages = 64,
				     .slots = 2, .ops = ops, .mix = mix_default() };
}

/* Its text form; to be freed. */
static inline char *plan_text(const struct plan *plan)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	if (!plan_write(plan, file))
		abort();
	fclose(file);
	return text;
}

/* The beginning of a plan to which actors can be added. */
#define PLAN_VM	"# kvm-gmem plan 1\n" \
		"vm kind=private vcpus=2 hosts=1 pages=64 slots=2 seed=0x10 round=3\n"

/* Read text of @size bytes, as file "p". */
static inline bool plan_from(struct plan *plan, const char *text, size_t size, char *error)
{
	FILE *file = fmemopen((void *)text, size, "r");
	bool ok;

	if (!file)
		abort();
	ok = plan_read(plan, file, "p", error, PLAN_ERROR_MAX);
	fclose(file);
	return ok;
}

static inline bool plan_from_text(struct plan *plan, const char *text, char *error)
{
	return plan_from(plan, text, strlen(text), error);
}

#endif /* PLAN_FIXTURE_H */
