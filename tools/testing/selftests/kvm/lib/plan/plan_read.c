// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <string.h>
#include "harness/text_field.h"
#include "harness/text_line.h"
#include "plan/plan.h"
#include "plan/text_parts.h"

#define LINE_MAX_BYTES	1000
#define WORDS_MAX	16
#define BLANKS		" \t\r"

struct reader {
	struct plan *plan;
	const char *name;	/* of the file */
	unsigned int line;
	char *error;
	size_t size;
	bool shaped;		/* the vm line was there */
	int actor;		/* whose operations follow; -1: nobody's yet */
	bool seen[PLAN_ACTORS_MAX];
};

static bool __attribute__((format(printf, 2, 3))) bad(struct reader *r, const char *fmt, ...)
{
	int n = snprintf(r->error, r->size, "%s:%u: ", r->name, r->line);
	va_list args;

	va_start(args, fmt);
	if (n >= 0 && (size_t)n < r->size)
		vsnprintf(r->error + n, r->size - n, fmt, args);
	va_end(args);
	return false;
}

static const char *const memory_words[] = {
	"anonymous", "shared", "private", "sealed", "in-place", NULL
};
static const char *const to_words[] = { "shared", "private", NULL };

/* In older versions a slot was an 8-byte word. */
static void rename_slot(char **words)
{
	for (; *words; words++)
		if (!strncmp(*words, "slot=", 5))
			memcpy(*words, "word", 4);
}

/* The rest of a line into @fields. */
static bool read_fields(struct reader *r, char **words, struct text_field *fields)
{
	char why[PLAN_ERROR_MAX];

	rename_slot(words);
	return text_fields_parse(fields, words, why, sizeof(why)) || bad(r, "%s", why);
}

static bool read_vm(struct reader *r, char **words)
{
	struct text_field f[] = {
		{ "kind", .words = memory_words, .required = true },
		{ "vcpus", .maximum = PLAN_VCPUS_MAX, .required = true },
		{ "hosts", .maximum = PLAN_HOSTS_MAX, .required = true },
		{ "pages", .maximum = PLAN_PAGES_MAX, .required = true },
		{ "slots", 1, .maximum = PLAN_MEMSLOTS_MAX },
		{ "seed", .maximum = UINT64_MAX },
		{ "round", .maximum = UINT32_MAX },
		{ }
	};
	struct plan_config config;
	char why[PLAN_ERROR_MAX];

	if (r->shaped)
		return bad(r, "a second vm line; expected one");
	if (!read_fields(r, words, f))
		return false;
	config = (struct plan_config){
		.kind = f[0].value, .vcpus = f[1].value, .hosts = f[2].value, .pages = f[3].value,
		.slots = f[4].value, .seed = f[5].value, .round = f[6].value,
	};
	if (!plan_shape_check(&config, why, sizeof(why)))
		return bad(r, "%s", why);
	plan_init(r->plan, &config);
	r->shaped = true;
	return true;
}

static bool read_actor(struct reader *r, char **words)
{
	const struct plan_config *c = &r->plan->config;
	bool guest;
	uint64_t number;
	uint32_t limit;

	if (!words[1] || !words[2] || words[3] ||
	    (strcmp(words[1], "vcpu") && strcmp(words[1], "host")))
		return bad(r, "bad actor; expected 'actor vcpu NUMBER' or 'actor host NUMBER'");
	guest = !strcmp(words[1], "vcpu");
	limit = guest ? c->vcpus : c->hosts;
	if (!limit)
		return bad(r, "actor %s %.40s: the vm line says %s=0; expected no such actor",
			   words[1], words[2], guest ? "vcpus" : "hosts");
	if (!text_number_parse(words[2], limit - 1, &number))
		return bad(r, "actor %s %.40s is not there; expected 0 to %u", words[1], words[2],
			   limit - 1);
	r->actor = guest ? number : c->vcpus + number;
	if (r->seen[r->actor])
		return bad(r, "a second actor %s %llu; expected one", words[1],
			   (unsigned long long)number);
	r->seen[r->actor] = true;
	return true;
}

static bool unknown_op(struct reader *r, const char *word, bool guest)
{
	char names[300];

	return bad(r, "'%.40s' is no operation; expected one of: %s, or actor", word,
		   plan_kind_names(r->plan->config.kind, guest, names, sizeof(names)));
}

/* Fields of an operation, at most those of a range with a state and a delay. */
static void op_fields(unsigned int kind, bool to, struct text_field *f)
{
	const unsigned int has = plan_kinds[kind].fields | (to ? PLAN_TO : 0);

	if (has & PLAN_PAGE)
		*f++ = (struct text_field){ "page", 0, UINT32_MAX, .required = true };
	if (has & PLAN_MEMSLOT)
		*f++ = (struct text_field){ "memslot", 0, UINT32_MAX, .required = true };
	if (has & PLAN_VCPU)
		*f++ = (struct text_field){ "vcpu", 0, UINT32_MAX, .required = true };
	if (has & PLAN_PAGES)
		*f++ = (struct text_field){ "pages", 1, UINT32_MAX };
	if (has & PLAN_WORD)
		*f++ = (struct text_field){ "word", 0, UINT16_MAX, .required = true };
	if (has & PLAN_TO)
		*f++ = (struct text_field){ "to", .words = to_words, .required = true };
	*f++ = (struct text_field){ "delay", 0, PLAN_DELAY_MAX };
	*f = (struct text_field){ };
}

static struct plan_op op_from_fields(unsigned int kind, const struct text_field *f)
{
	struct plan_op op = { .kind = kind, .pages = !!(plan_kinds[kind].fields & PLAN_PAGE) };

	for (; f->name; f++) {
		if (!strcmp(f->name, "page") || !strcmp(f->name, "memslot") ||
		    !strcmp(f->name, "vcpu"))
			op.page = f->value;
		else if (!strcmp(f->name, "pages"))
			op.pages = f->value;
		else if (!strcmp(f->name, "word"))
			op.word = f->value;
		else if (!strcmp(f->name, "to"))
			op.flags = f->value ? PLAN_TO_PRIVATE : 0;
		else
			op.delay = f->value;
	}
	return op;
}

/* By name, or by what plans of older versions call it; PLAN_KINDS if there is none. */
static unsigned int find_kind(const char *word)
{
	unsigned int kind;

	for (kind = 0; kind < PLAN_KINDS; kind++)
		if (!strcmp(plan_kinds[kind].name, word) ||
		    (plan_kinds[kind].alias && !strcmp(plan_kinds[kind].alias, word)))
			break;
	return kind;
}

/* "convert to=" of older versions is one of two operations. */
static bool read_op(struct reader *r, char **words)
{
	struct text_field fields[8];
	char why[PLAN_ERROR_MAX];
	unsigned int kind;
	struct plan_op op;
	bool guest, both;

	if (r->actor < 0)
		return bad(r, "'%.40s' before any actor; expected 'actor vcpu NUMBER' or "
			   "'actor host NUMBER'", words[0]);
	guest = plan_actor_guest(r->plan, r->actor);
	kind = find_kind(words[0]);
	if (kind == PLAN_KINDS)
		return unknown_op(r, words[0], guest);
	both = !strcmp(words[0], "convert");
	op_fields(kind, both, fields);
	if (plan_kind_valid(kind, r->plan->config.kind, guest) &&
	    !read_fields(r, words, fields))
		return false;
	op = op_from_fields(kind, fields);
	if (both) {
		op.kind = op.flags & PLAN_TO_PRIVATE ? PLAN_OP(TO_PRIVATE) : PLAN_OP(TO_SHARED);
		op.flags = 0;
	}
	if (!plan_op_check(&r->plan->config, guest, &op, why, sizeof(why)))
		return bad(r, "%s", why);
	if (!plan_add(r->plan, r->actor, &op))
		return bad(r, "too many operations of one actor; expected at most %u",
			   PLAN_OPS_MAX);
	return true;
}

static bool read_header(struct reader *r, char *line)
{
	size_t n = strlen(line);

	while (n && strchr(BLANKS, line[n - 1]))
		line[--n] = 0;
	if (strncmp(line, PLAN_HEADER, strlen(PLAN_HEADER)))
		return bad(r, "no plan; expected '" PLAN_HEADER PLAN_VERSION "' as the first line");
	if (strcmp(line + strlen(PLAN_HEADER), PLAN_VERSION))
		return bad(r, "version '%.40s' is not known; expected " PLAN_VERSION,
			   line + strlen(PLAN_HEADER));
	return true;
}

static bool read_line(struct reader *r, char *line)
{
	char *words[WORDS_MAX + 1], *word, *rest = line;
	unsigned int n = 0;

	if (r->line == 1)
		return read_header(r, line);
	while ((word = strtok_r(rest, BLANKS, &rest)) && *word != '#') {
		if (n == WORDS_MAX)
			return bad(r, "too many words; expected at most %u", WORDS_MAX);
		words[n++] = word;
	}
	words[n] = NULL;
	if (!n)
		return true;
	if (!strcmp(words[0], "vm"))
		return read_vm(r, words);
	if (!r->shaped)
		return bad(r, "'%.40s' before the vm line; expected 'vm kind= vcpus= hosts= pages='",
			   words[0]);
	return !strcmp(words[0], "actor") ? read_actor(r, words) : read_op(r, words);
}

/* The next line, without its end: 1, 0 at the end of the file, -1 if it is bad. */
static int next_line(struct reader *r, FILE *file, char *line, size_t size)
{
	char why[PLAN_ERROR_MAX];
	int got;

	r->line++;
	got = text_line_read(file, line, size, why, sizeof(why));
	if (got < 0)
		bad(r, "%s", why);
	return got;
}

bool plan_read(struct plan *plan, FILE *file, const char *name, char *error, size_t size)
{
	struct reader r = { .plan = plan, .name = name, .error = error, .size = size, .actor = -1 };
	char line[LINE_MAX_BYTES + 1];
	int got;

	*plan = (struct plan){ 0 };
	while ((got = next_line(&r, file, line, sizeof(line))) > 0)
		if (!read_line(&r, line))
			break;
	if (!got && r.line == 1)
		bad(&r, "empty; expected '" PLAN_HEADER PLAN_VERSION "'");
	else if (!got && !r.shaped)
		bad(&r, "the end; expected 'vm kind= vcpus= hosts= pages='");
	else if (!got)
		return true;
	plan_free(plan);
	return false;
}
