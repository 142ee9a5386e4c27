// SPDX-License-Identifier: GPL-2.0-only
/* The text form of a plan, written; plan_read.c reads it.  docs/plans.md is its grammar. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "plan/plan.h"
#include "plan/text_parts.h"

/* For the reader of the file only: it follows from the seed and the shape. */
static void write_layout(const struct plan_config *c, FILE *file)
{
	struct plan_memslot memslots[PLAN_MEMSLOTS_MAX];
	uint32_t i;

	plan_layout(c, memslots);
	for (i = 0; i < c->slots && c->slots > 1; i++)
		fprintf(file, "# memslot %u: pages %u to %u, in the file from page %u\n", i,
			memslots[i].first, memslots[i].first + memslots[i].pages - 1,
			memslots[i].offset);
}

static void write_op(const struct plan_op *op, FILE *file)
{
	const unsigned int fields = plan_kinds[op->kind].fields;

	fputs(plan_kinds[op->kind].name, file);
	if (fields & (PLAN_PAGE | PLAN_MEMSLOT | PLAN_VCPU))
		fprintf(file, " %s=%u", fields & PLAN_PAGE ? "page" :
			fields & PLAN_MEMSLOT ? "memslot" : "vcpu", op->page);
	if (fields & PLAN_PAGES && op->pages != 1)
		fprintf(file, " pages=%u", op->pages);
	if (fields & PLAN_WORD)
		fprintf(file, " word=%u", op->word);
	if (fields & PLAN_TO)
		fprintf(file, " to=%s", op->flags & PLAN_TO_PRIVATE ? "private" : "shared");
	if (op->delay)
		fprintf(file, " delay=%u", op->delay);
	fputc('\n', file);
}

bool plan_write(const struct plan *plan, FILE *file)
{
	const struct plan_config *c = &plan->config;
	uint32_t a, i;

	fprintf(file, PLAN_HEADER "%s\n", PLAN_VERSION);
	fprintf(file, "vm kind=%s vcpus=%u hosts=%u pages=%u slots=%u seed=%#llx round=%u\n",
		memory_kind_word(c->kind), c->vcpus, c->hosts, c->pages, c->slots,
		(unsigned long long)c->seed, c->round);
	write_layout(c, file);
	for (a = 0; a < plan_actors(plan); a++) {
		const bool guest = plan_actor_guest(plan, a);

		fprintf(file, "\nactor %s %u\n", guest ? "vcpu" : "host", guest ? a : a - c->vcpus);
		for (i = 0; i < plan->actors[a].count; i++)
			write_op(&plan->actors[a].ops[i], file);
	}
	return !fflush(file) && !ferror(file);
}

bool plan_save(const struct plan *plan, const char *path, char *error, size_t size)
{
	char *unfinished = NULL;
	FILE *file = NULL;
	bool ok = false;

	if (asprintf(&unfinished, "%s.%d", path, getpid()) > 0)
		file = fopen(unfinished, "we");
	if (file) {
		ok = plan_write(plan, file) && !fsync(fileno(file));
		ok = !fclose(file) && ok && !rename(unfinished, path);
	}
	if (!ok) {
		snprintf(error, size, "%s: cannot write the plan: %s", path, strerror(errno));
		if (file)
			unlink(unfinished);
	}
	free(unfinished);
	return ok;
}

bool plan_load(struct plan *plan, const char *path, char *error, size_t size)
{
	FILE *file = fopen(path, "re");
	bool ok;

	*plan = (struct plan){ 0 };
	if (!file) {
		snprintf(error, size, "%s: cannot open the plan: %s", path, strerror(errno));
		return false;
	}
	ok = plan_read(plan, file, path, error, size);
	fclose(file);
	return ok;
}
