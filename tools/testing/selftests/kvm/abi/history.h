/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What happened: the operations of all actors, each an interval of tickets.
 *
 *	   begin = history_ticket()          end = history_ticket()
 *	---+-------------------------------------+--->
 *	   |<- the operation takes effect here ->|
 *
 * All tickets come from one counter in memory that the host and its guests share, so no
 * clock is ever compared.  Operation X comes before Y only if X.end < Y.begin; otherwise
 * they overlap and either order is possible.
 *
 * Each actor appends to a log of its own, without a lock.  Built for the host and,
 * freestanding, for the guest agent; a log holds no pointers, so both may look at it.
 */
#ifndef HISTORY_H
#define HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "abi/token.h"

enum event_kind {
	EVENT_READ,		/* value was read from a word */
	EVENT_WRITE,		/* value, never zero, was written to it */
	EVENT_RESET,		/* pages became zero: punch hole, reopen, discard, ... */
	EVENT_CONVERT,		/* pages became private (value 0) or shared (value 1) */
	EVENT_UNDEFINED,	/* contents of the pages may be anything from now on */
	EVENT_KINDS,
	/* The checker makes these up for a witness; nobody logs them. */
	EVENT_KNOWN = EVENT_KINDS,	/* at the last barrier the word could hold value */
	EVENT_STATE,			/* at the last barrier the page was private or shared */
};

/* The operation failed or was cut short: it may have happened, within the interval, or not. */
#define EVENT_MAYBE	0x1
/* One of the two events of an exchange: READ, then WRITE, with the same interval. */
#define EVENT_ATOMIC	0x2
/*
 * Copies of a split page (0: private, 1: shared) that RESET and UNDEFINED concern; none
 * given means both.  READ and WRITE: the access reaches this copy whatever the state of
 * the page (the host's mapping is the shared side); none given: the state decides.
 */
#define EVENT_COPY0	0x4
#define EVENT_COPY1	0x8
#define EVENT_COPIES	(EVENT_COPY0 | EVENT_COPY1)

struct event {
	uint64_t begin;		/* tickets */
	uint64_t end;
	uint64_t value;
	uint32_t page;
	uint32_t pages;		/* RESET, CONVERT, UNDEFINED: how many, from page on; else 1 */
	uint32_t actor;		/* numbered as in token.h */
	uint16_t word;
	uint8_t kind;
	uint8_t flags;
};

_Static_assert(sizeof(struct event) == 40, "the cost of a log is counted in this");

/* Actor of an event that the checker made up. */
#define HISTORY_NOBODY	UINT32_MAX

struct history_log {
	uint32_t actor;
	uint32_t capacity;	/* events */
	uint32_t count;
	uint32_t lost;		/* events that did not fit; such a log cannot be judged */
	struct event events[];
};

/**
 * history_log_size() - memory that a log takes
 * @capacity: events
 *
 * Return: bytes.
 */
static inline size_t history_log_size(uint32_t capacity)
{
	return sizeof(struct history_log) + (size_t)capacity * sizeof(struct event);
}

/**
 * history_log_init() - make an empty log
 * @memory: history_log_size() bytes, shared with the actor if that is a guest
 * @actor: whose log it is, numbered as in token.h
 * @capacity: events
 *
 * Return: @memory, as a log.
 */
static inline struct history_log *history_log_init(void *memory, uint32_t actor, uint32_t capacity)
{
	struct history_log *log = (struct history_log *)memory;

	log->actor = actor;
	log->capacity = capacity;
	log->count = 0;
	log->lost = 0;
	return log;
}

/**
 * history_ticket() - the next ticket, from 1 on
 * @counter: the one counter, naturally aligned, in memory that all actors share
 *
 * An actor takes one before its operation and one after it.
 *
 * Ordering, needed where memory is weaker than on x86 (arm64: LDADDAL on the host, LDAXR
 * and STLXR in the agent).  The release of the ticket after operation X keeps the effects
 * of X before the store of the counter; the acquire of the ticket before operation Y keeps
 * those of Y after its load.  (Y may overtake the store of its own ticket: nobody can draw
 * a ticket in between, so this only moves Y within its interval.)  Read-modify-
 * writes of one word form one release sequence, so if X.end < Y.begin the acquire of
 * Y.begin pairs with the release of X.end, however many tickets lie between: X happened
 * before Y, on whichever CPU, in the host or in a guest.  Where the effects of an
 * operation are those of a system call or hypercall, they are complete when it returns,
 * and the same holds.
 *
 * Return: the ticket.
 */
static inline uint64_t history_ticket(uint64_t *counter)
{
	return __atomic_add_fetch(counter, 1, __ATOMIC_ACQ_REL);
}

/**
 * history_log_append() - note an operation that is over
 * @log: the log of the actor that did it; nobody else may append to it
 * @event: the operation; begin and end are set, the actor is that of the log
 *
 * The release of count pairs with the acquire in history_log_count(): a reader that sees
 * the count sees the events.
 *
 * Return: false if the log is full; the event is counted as lost.
 */
static inline bool history_log_append(struct history_log *log, const struct event *event)
{
	uint32_t n = log->count;

	if (n >= log->capacity) {
		__atomic_store_n(&log->lost, log->lost + 1, __ATOMIC_RELAXED);
		return false;
	}
	log->events[n] = *event;
	log->events[n].actor = log->actor;
	__atomic_store_n(&log->count, n + 1, __ATOMIC_RELEASE);
	return true;
}

/**
 * history_log_count() - how many events may be looked at, also while the actor goes on
 * @log: the log
 *
 * Return: events.
 */
static inline uint32_t history_log_count(const struct history_log *log)
{
	return __atomic_load_n(&log->count, __ATOMIC_ACQUIRE);
}

/**
 * history_log_room() - how many events the log still takes
 * @log: the log of the calling actor
 *
 * An actor that may need two events (an exchange) asks first.
 *
 * Return: events.
 */
static inline uint32_t history_log_room(const struct history_log *log)
{
	return log->capacity - log->count;
}

/**
 * history_log_clear() - forget the events
 * @log: a log whose actor is quiescent
 */
static inline void history_log_clear(struct history_log *log)
{
	log->count = 0;
	log->lost = 0;
}

#endif /* HISTORY_H */
