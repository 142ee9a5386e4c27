// SPDX-License-Identifier: GPL-2.0-only
/* An anomaly in words. */
#include <stdarg.h>
#include <stdio.h>
#include "harness/diagnose.h"
#include "oracle/checker.h"

struct text {
	char *at;
	size_t size;
};

static void __attribute__((format(printf, 2, 3))) say(struct text *t, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(t->at, t->size, fmt, args);
	va_end(args);
	if (n < 0 || !t->size)
		return;
	if ((size_t)n >= t->size)
		n = t->size - 1;
	t->at += n;
	t->size -= n;
}

static void say_when_who(struct text *t, const struct event *e)
{
	char who[32];

	if (e->actor == HISTORY_NOBODY) {
		if (e->end)
			say(t, "at the barrier (%llu): ", (unsigned long long)e->end);
		else
			say(t, "at the start: ");
		return;
	}
	diagnose_actor(e->actor, who, sizeof(who));
	say(t, "%llu..%llu %s", (unsigned long long)e->begin, (unsigned long long)e->end, who);
	say(t, e->flags & EVENT_MAYBE ? " may have " : " ");
}

static const char *copies_name(const struct event *e)
{
	static const char *const names[] = { "", " (private copy)", " (shared copy)", "" };

	return names[e->flags / EVENT_COPY0 & 3];
}

static void say_access(struct text *t, const struct event *e)
{
	const char *verb = e->kind == EVENT_READ ? "read" : e->flags & EVENT_MAYBE ? "written" :
			   "wrote";
	char value[160];

	diagnose_value(e->value, value, sizeof(value));
	if (e->flags & EVENT_ATOMIC)
		verb = e->kind == EVENT_READ ? "exchanged: found" : "exchanged: left";
	say(t, "%s %s%s", verb, value, copies_name(e));
}

static void say_pages(struct text *t, const struct event *e)
{
	if (e->pages > 1)
		say(t, "pages %u-%u", e->page, e->page + e->pages - 1);
	else
		say(t, "page %u", e->page);
}

static void say_known(struct text *t, const struct event *e)
{
	char value[160];

	diagnose_value(e->value, value, sizeof(value));
	if (e->kind == EVENT_KNOWN)
		say(t, "the word may hold %s", value);
	else
		say(t, "page %u is %s", e->page, e->value ? "shared" : "private");
}

static void say_witness(struct text *t, const struct witness *w, uint16_t word)
{
	static const char *const roles[] = { "source", "between", "proof", "state", "fault" };
	const struct event *e = &w->event;

	say(t, "\n  %-8s", roles[w->role]);
	say_when_who(t, e);
	if (e->kind == EVENT_KNOWN || e->kind == EVENT_STATE) {
		say_known(t, e);
	} else if (e->kind == EVENT_READ || e->kind == EVENT_WRITE) {
		say_access(t, e);
		if (e->word != word)
			say(t, " at word %u", e->word);
	} else {
		say(t, "%s ", e->kind == EVENT_RESET ? "reset" :
		    e->kind == EVENT_CONVERT ? "converted" : "left undefined");
		say_pages(t, e);
		if (e->kind == EVENT_CONVERT)
			say(t, " to %s", e->value ? "shared" : "private");
		else
			say(t, "%s", copies_name(e));
	}
}

void anomaly_describe(const struct anomaly *a, char *text, size_t size)
{
	struct text t = { text, size };
	unsigned int i;

	if (size)
		*text = '\0';
	say(&t, "%s: page %u word %u: %s", verdict_class_name(a->cls), a->page, a->word, a->why);
	for (i = 0; i < a->count; i++)
		say_witness(&t, &a->witness[i], a->word);
	if (a->more)
		say(&t, "\n  and more: the proof needs more events than are shown");
}
