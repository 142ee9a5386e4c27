// SPDX-License-Identifier: GPL-2.0-only
/*
 * A witness alone: its events, the writes of all values in them, the resets if one is zero, and
 * what was done to the state of the page or left its contents undefined.  What was known at the
 * barrier stands for all that came before it.
 */
#include "small_history.h"

static bool same_op(const struct event *a, const struct event *b)
{
	return a->begin == b->begin && a->actor == b->actor;
}

static bool shown(const struct anomaly *a, const struct event *e)
{
	unsigned int i;

	for (i = 0; i < a->count; i++)
		if (same_op(&a->witness[i].event, e))
			return true;
	return false;
}

/* Does an event that stays need this one to explain what it read? */
static bool needed(const struct small *h, const bool *stays, const struct event *e)
{
	const bool reset = e->kind == EVENT_RESET;
	unsigned int i;

	for (i = 0; i < h->count; i++) {
		const struct event *r = &h->event[i];

		if (stays[i] && r->kind == EVENT_READ &&
		    (reset ? !r->value : e->kind == EVENT_WRITE && r->value == e->value))
			return true;
	}
	return false;
}

static bool stays_begin(const struct small *h, unsigned int i)
{
	const struct event *e = &h->event[i];

	if (h->windows > 1 && i < h->window_end[h->windows - 2])
		return true;
	return e->kind == EVENT_CONVERT || e->kind == EVENT_UNDEFINED || shown(&h->anomaly, e);
}

enum reference_answer small_prove(const struct small *h)
{
	struct event event[SMALL_EVENTS];
	bool stays[SMALL_EVENTS], more = true;
	unsigned int i, j, count = 0;

	for (i = 0; i < h->count; i++)
		stays[i] = stays_begin(h, i);
	while (more) {
		more = false;
		for (i = 0; i < h->count; i++) {
			if (stays[i] || !needed(h, stays, &h->event[i]))
				continue;
			/* Of an exchange, both. */
			for (j = 0; j < h->count; j++)
				stays[j] |= same_op(&h->event[i], &h->event[j]);
			more = true;
		}
	}
	for (i = 0; i < h->count; i++)
		if (stays[i])
			event[count++] = h->event[i];
	return reference_judge(&h->config, event, count);
}
