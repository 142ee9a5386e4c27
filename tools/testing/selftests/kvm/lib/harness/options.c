// SPDX-License-Identifier: GPL-2.0-only
#include <fnmatch.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include "harness/options.h"
#include "harness/text_field.h"

#define DEFAULT_ITERATIONS	30
#define SHARDS_MAX		1000000

static const char *vm_type, *level;

const char *options_vm_type(void)
{
	return vm_type;
}

const char *options_level(void)
{
	return level;
}

/* A program without VMs has no types of them. */
const char *__attribute__((weak)) options_vm_type_name(unsigned int number)
{
	(void)number;
	return NULL;
}

const char *__attribute__((weak)) options_level_name(unsigned int number)
{
	(void)number;
	return NULL;
}

static void usage(const struct program *p, uint64_t iterations)
{
	const struct program_option *o;

	printf("Usage: %s [OPTION...]\n"
	       "  --list             print the sub-tests, id and claim, and exit\n"
	       "  --run PATTERN      run only sub-tests whose id matches (may be repeated)\n"
	       "  --seed N           of all random choices (default: a new one, printed)\n"
	       "  --iterations N     rounds of each race (default %llu)\n"
	       "  --duration SECONDS for sub-tests that run for a time\n"
	       "  --shard I/N        what the I-th (from 0) of N machines does of the whole\n",
	       p->name, (unsigned long long)iterations);
	if (options_vm_type_name(0))
		printf("  --vm-type NAME     type of VM on which private memory is tested\n");
	if (options_level_name(0))
		printf("  --level NAME       where the agent runs\n");
	for (o = p->options; o && o->name; o++) {
		printf("  %-18s %s", o->name, o->help);
		if (o->text || o->select)
			printf("\n");
		else
			printf(" (default %llu)\n", (unsigned long long)*o->value);
	}
	printf("Exit code: 0 passed, 1 failed, 2 bad usage, 4 all skipped\n");
}

static int bad(const struct program *p, const char *option, const char *value, const char *allowed)
{
	fprintf(stderr, "%s: %s: '%s' is not allowed; expected %s\n", p->name, option,
		value ? value : "(nothing)", allowed);
	return 2;
}

/* A number within bounds, written as everywhere: text_number_parse(). */
static bool parse_number(const char *text, uint64_t minimum, uint64_t maximum, uint64_t *value)
{
	return text && text_number_parse(text, maximum, value) && *value >= minimum;
}

/* Seconds: digits, and perhaps a point with digits behind it. */
static bool parse_seconds(const char *text, double *value)
{
	const size_t whole = text ? strspn(text, "0123456789") : 0;
	const size_t all = whole && text[whole] == '.' ?
			   whole + 1 + strspn(text + whole + 1, "0123456789") : whole;

	if (!whole || text[all] || all == whole + 1)
		return false;
	*value = strtod(text, NULL);
	return *value > 0 && *value <= 1e6;
}

static int add_pattern(struct options *o, const struct program *p, const char *name,
		       const char *text)
{
	if (!text || o->patterns == OPTIONS_PATTERNS)
		return bad(p, name, text, "a pattern, at most 16 times");
	o->pattern[o->patterns++] = text;
	return -1;
}

static int parse_own(struct options *options, const struct program *p, const char *name,
		     const char *text)
{
	const struct program_option *o;
	char allowed[80];
	uint64_t value;

	for (o = p->options; o && o->name; o++) {
		if (strcmp(o->name, name))
			continue;
		if (o->select) {
			text = o->select(text);
			return text ? add_pattern(options, p, name, text) : 2;
		}
		if (o->text && !text)
			return bad(p, name, text, o->help);
		if (o->text) {
			*o->text = text;
			return -1;
		}
		if (parse_number(text, o->minimum, o->maximum, &value)) {
			*o->value = value;
			return -1;
		}
		snprintf(allowed, sizeof(allowed), "a number from %llu to %llu",
			 (unsigned long long)o->minimum, (unsigned long long)o->maximum);
		return bad(p, name, text, allowed);
	}
	fprintf(stderr, "%s: unknown option '%s'; --help lists what there is\n", p->name, name);
	return 2;
}

/* One of the names. */
static int parse_name(const struct program *p, const char *name, const char *text,
		      const char *(*names)(unsigned int number), const char **chosen)
{
	char allowed[200];
	unsigned int i;
	size_t used = 0;

	for (i = 0; names(i); i++) {
		if (text && !strcmp(names(i), text)) {
			*chosen = text;
			return -1;
		}
		used += snprintf(allowed + used, sizeof(allowed) - used, "%s%s",
				 i ? " or " : "", names(i));
	}
	return bad(p, name, text, allowed);
}

/* I/N */
static bool parse_shard(const char *text, struct options *o)
{
	const char *slash = text ? strchr(text, '/') : NULL;
	uint64_t shard, shards;
	char first[24];

	if (!slash || slash - text >= (ptrdiff_t)sizeof(first))
		return false;
	snprintf(first, sizeof(first), "%.*s", (int)(slash - text), text);
	if (!text_number_parse(first, SHARDS_MAX - 1, &shard) ||
	    !text_number_parse(slash + 1, SHARDS_MAX, &shards) || shard >= shards)
		return false;
	o->shard = shard;
	o->shards = shards;
	return true;
}

static int parse_one(struct options *o, const struct program *p, const char *name,
		     const char *text)
{
	if (!strcmp(name, "--run")) {
		return add_pattern(o, p, name, text);
	} else if (!strcmp(name, "--seed")) {
		if (!parse_number(text, 0, UINT64_MAX, &o->seed))
			return bad(p, name, text, "a number");
	} else if (!strcmp(name, "--iterations")) {
		if (!parse_number(text, 1, 1000000000, &o->iterations))
			return bad(p, name, text, "a number from 1 to 1000000000");
	} else if (!strcmp(name, "--duration")) {
		if (!parse_seconds(text, &o->duration))
			return bad(p, name, text, "seconds, above 0 and at most 1000000");
	} else if (!strcmp(name, "--vm-type") && options_vm_type_name(0)) {
		return parse_name(p, name, text, options_vm_type_name, &vm_type);
	} else if (!strcmp(name, "--level") && options_level_name(0)) {
		return parse_name(p, name, text, options_level_name, &level);
	} else if (!strcmp(name, "--shard")) {
		if (!parse_shard(text, o))
			return bad(p, name, text, "I/N, I from 0 to N-1, N at most 1000000");
	} else {
		return parse_own(o, p, name, text);
	}
	return -1;
}

int options_parse(struct options *o, int argc, char **argv, const struct program *p)
{
	int i, r;

	*o = (struct options){
		.iterations = p->iterations ? p->iterations : DEFAULT_ITERATIONS,
		.duration = p->duration, .program = p, .shards = 1,
	};
	if (getrandom(&o->seed, sizeof(o->seed), GRND_NONBLOCK) != sizeof(o->seed))
		o->seed = 1;
	o->seed &= 0xffffffff;	/* short enough to be typed */
	for (i = 1; i < argc; i += 2) {
		if (!strcmp(argv[i], "--help")) {
			usage(p, o->iterations);
			return 0;
		}
		if (!strcmp(argv[i], "--list")) {
			o->list = true;
			i--;
			continue;
		}
		r = parse_one(o, p, argv[i], argv[i + 1]);
		if (r >= 0)
			return r;
	}
	return p->check && !p->check(p->name) ? 2 : -1;
}

bool options_take(struct options *o, const char *id)
{
	return options_select(o, id) &&
	       (o->program->whole || o->matched++ % o->shards == o->shard);
}

bool options_select(const struct options *o, const char *id)
{
	unsigned int i;

	for (i = 0; i < o->patterns; i++)
		if (!fnmatch(o->pattern[i], id, 0))
			return true;
	return !o->patterns;
}

/* Does the option say which sub-tests run? */
static bool selects(const struct program *p, const char *name)
{
	const struct program_option *o;

	for (o = p->options; o && o->name; o++)
		if (o->select && !strcmp(o->name, name))
			return true;
	return !strcmp(name, "--run");
}

void options_command(const struct options *o, int argc, char **argv, const char *id, char *text,
		     size_t size)
{
	size_t n = snprintf(text, size, "%s --run %s --seed %#llx", argv[0], id,
			    (unsigned long long)o->seed);
	int i;

	for (i = 1; i < argc && n < size; i += 2)
		if (!selects(o->program, argv[i]) && strcmp(argv[i], "--seed"))
			n += snprintf(text + n, size - n, " %s %s", argv[i],
				      i + 1 < argc ? argv[i + 1] : "");
}
