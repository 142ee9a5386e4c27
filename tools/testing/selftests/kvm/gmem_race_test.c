// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every pair of operations that KVM allows at the same time, made to collide: aimed, checked,
 * and proven to have happened.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "race.h"
#include "runner.h"

/* Of private memory first: that is where the most can go wrong. */
static const enum ram_kind kinds[] = { RAM_SPLIT, RAM_SHARED, RAM_ANON };

#define KINDS		(sizeof(kinds) / sizeof(kinds[0]))
#define PAIRS_MAX	1024

static struct subtest subtests[PAIRS_MAX];
static struct race_config configs[PAIRS_MAX];

static void run_pair(const struct run *run)
{
	struct race_config config = *(const struct race_config *)run->arg;

	config.seed = run->seed;
	config.duration = run->duration;
	race_run(&config);
}

static const char *format(const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	va_end(args);
	return text;
}

static void add_pair(struct program *p, const struct race_side *a, const struct race_side *b,
		     enum ram_kind kind)
{
	struct race_config *config = &configs[p->count];

	*config = (struct race_config){ .side = { a, b }, .kind = kind };
	subtests[p->count++] = (struct subtest){
		.id = format("race/%s/%s+%s", plan_memory_name(kind), a->name, b->name),
		.claim = format("%s while %s", a->what, b->what),
		.run = run_pair,
		.arg = config,
		.known = race_known_issue(a, b, kind),
	};
}

static void add_pairs(struct program *p)
{
	const struct race_side *a, *b;
	unsigned int i;

	for (i = 0; i < KINDS; i++)
		for (a = race_sides; a->name; a++)
			for (b = a; b->name && p->count < PAIRS_MAX; b++)
				if (race_pair_valid(a, b, kinds[i]))
					add_pair(p, a, b, kinds[i]);
}

int main(int argc, char **argv)
{
	static struct program program = {
		.name = "gmem_race_test", .subtests = subtests, .iterations = 30, .duration = 0.1,
	};

	add_pairs(&program);
	return runner_main(argc, argv, &program);
}
