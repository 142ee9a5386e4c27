// SPDX-License-Identifier: GPL-2.0-only
/*
 * A witness alone: its events, the writes of all values in them, the resets if one is zero, and
 * what was done to the state of the page or left its contents undefined.  What was known at the
 * barrier stands for all that came before it.
 */
#include <stdlib.h>
#include <string.h>
#include "witness_proof.h"

#define STAY_MAX	64	/* more is too much for the search anyway */

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

static bool on_page(const struct event *e, uint32_t page)
{
	return e->page <= page && page < e->page + (e->pages ? e->pages : 1);
}

/* Does an event that stays need this one to explain what it read? */
static bool needed(const struct event *event, const bool *stays, unsigned int count,
		   const struct event *e)
{
	const bool reset = e->kind == EVENT_RESET;
	unsigned int i;

	for (i = 0; i < count; i++)
		if (stays[i] && event[i].kind == EVENT_READ &&
		    (reset ? !event[i].value :
			     e->kind == EVENT_WRITE && event[i].value == e->value))
			return true;
	return false;
}

/* Add what those that stay need, and what that needs. */
static void stays_close(const struct event *event, bool *stays, unsigned int count, uint32_t page)
{
	unsigned int i, j;
	bool more = true;

	while (more) {
		more = false;
		for (i = 0; i < count; i++) {
			if (stays[i] || !on_page(&event[i], page) ||
			    !needed(event, stays, count, &event[i]))
				continue;
			/* Of an exchange, both. */
			for (j = 0; j < count; j++)
				stays[j] |= same_op(&event[i], &event[j]);
			more = true;
		}
	}
}

enum reference_answer witness_prove(const struct checker_config *config,
				    const struct event *event, unsigned int count,
				    unsigned int known, const struct anomaly *a)
{
	bool *stays = calloc(count, sizeof(*stays));
	struct event stay[STAY_MAX];
	unsigned int i, n = 0;

	for (i = 0; i < count; i++)
		stays[i] = i < known || shown(a, &event[i]) ||
			   (on_page(&event[i], a->page) &&
			    (event[i].kind == EVENT_CONVERT || event[i].kind == EVENT_UNDEFINED));
	stays_close(event, stays, count, a->page);
	for (i = 0; i < count && n < STAY_MAX; i++)
		if (stays[i])
			stay[n++] = event[i];
	free(stays);
	return n == STAY_MAX ? REFERENCE_TOO_BIG : reference_judge(config, stay, n);
}
