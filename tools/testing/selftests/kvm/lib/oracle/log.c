// SPDX-License-Identifier: GPL-2.0-only
/* Is a log fit to be judged?  A wrong one would yield wrong anomalies. */
#include <stdio.h>
#include "oracle/parts.h"

/* What is wrong with an event that follows @last (NULL: none) in its log; NULL if nothing. */
static const char *event_fault(const struct checker *c, const struct event *e,
			       const struct event *last)
{
	const struct event *first = last && last->flags & EVENT_ATOMIC &&
				    last->kind == EVENT_READ ? last : NULL;

	if (e->begin >= e->end)
		return "does not end after it began";
	if (e->begin <= c->barrier)
		return "began before the last barrier";
	if (first ? e->begin != first->begin : last && e->begin <= last->end)
		return "began before the one before it ended";
	if (e->kind >= EVENT_KINDS)
		return "is of no known kind";
	if (e->page >= c->config.pages || (event_on_pages(e) && (!e->pages ||
	    e->pages > c->config.pages - e->page)))
		return "is beyond the last page";
	if (!event_on_pages(e) && e->word >= TOKEN_WORDS)
		return "is beyond the last word";
	if (e->kind == EVENT_WRITE && !e->value)
		return "writes zero, which is no token";
	if (e->kind == EVENT_CONVERT && e->value > 1)
		return "converts to neither private (0) nor shared (1)";
	if (e->flags & EVENT_MAYBE && (e->kind == EVENT_READ || e->flags & EVENT_ATOMIC))
		return "is a read that may not have happened, so it returned nothing";
	if ((e->flags & EVENT_ATOMIC && e->kind == EVENT_WRITE) != !!first)
		return "is half of an exchange";
	if (first && (e->end != first->end || e->page != first->page || e->word != first->word))
		return "is not the same exchange as the read before it";
	return NULL;
}

static bool log_refused(struct checker *c, const struct history_log *log, uint32_t n,
			const char *fault)
{
	const struct event *e = &log->events[n];

	c->refused = true;
	snprintf(c->error, sizeof(c->error),
		 "log of actor %#x: event %u (tickets %llu..%llu, page %u) %s", log->actor, n,
		 (unsigned long long)e->begin, (unsigned long long)e->end, e->page, fault);
	return false;
}

/* False if the ranges of this round cover more pages than can be judged. */
static bool event_count(struct checker *c, const struct event *e)
{
	uint32_t page;

	if (!event_on_pages(e)) {
		c->access_start[e->page + 2]++;
		return true;
	}
	c->page_ops += e->pages;
	if (c->page_ops > CHECKER_PAGE_OPS_MAX)
		return false;
	for (page = e->page; page < e->page + e->pages; page++)
		c->page_op_start[page + 2]++;
	return true;
}

bool checker_add_log(struct checker *c, const struct history_log *log)
{
	uint32_t i, count = history_log_count(log);
	const struct event *last = NULL;

	if (log->lost) {
		c->refused = true;
		snprintf(c->error, sizeof(c->error),
			 "log of actor %#x: %u events did not fit into its %u", log->actor,
			 log->lost, log->capacity);
		return false;
	}
	for (i = 0; i < count; last = &log->events[i++]) {
		const char *fault = event_fault(c, &log->events[i], last);

		if (fault)
			return log_refused(c, log, i, fault);
		if (!event_count(c, &log->events[i]))
			return log_refused(c, log, i,
					   "covers too much: expected at most 67108864 pages in the ranges between two barriers");
	}
	if (last && last->kind == EVENT_READ && last->flags & EVENT_ATOMIC)
		return log_refused(c, log, count - 1, "is half of an exchange");
	if (!count)
		return true;
	CHECKER_ROOM(c, c->log, c->log_room, c->logs + 1);
	c->log[c->logs++] = (struct log_cursor){ log->events[0].begin, log->events,
						     log->events + count };
	return true;
}

const char *checker_error(const struct checker *c)
{
	return c->error;
}
