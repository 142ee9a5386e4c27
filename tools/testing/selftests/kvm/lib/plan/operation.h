/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Operations, as data: what vCPUs and host threads do to guest memory, on which kinds of memory,
 * and what that does to contents.  The host's operations on memory are the rows of operations.h;
 * accesses and signals are told from them here.
 *
 * Knows no KVM: memory/memory_operation.h executes what this describes.
 */
#ifndef OPERATION_H
#define OPERATION_H

#include <stdbool.h>
#include <stdint.h>
#include "abi/history.h"
#include "abi/plan_abi.h"
#include "plan/memory_kind.h"

/* What an operation of a plan needs to know; everything has a delay. */
enum plan_field {
	PLAN_PAGE	= 0x01,
	PLAN_PAGES	= 0x02,		/* a range; with PLAN_PAGE */
	PLAN_WORD	= 0x04,
	PLAN_TO		= 0x08,		/* private or shared: flags */
	PLAN_MEMSLOT	= 0x10,		/* plan_op.memslot */
	PLAN_VCPU	= 0x20,		/* plan_op.vcpu */
};

/* What an operation does to contents, or to which of two copies is seen. */
enum operation_effect {
	OPERATION_KEEPS,
	OPERATION_RESETS_FILE,		/* what the guest_memfd holds becomes zero */
	OPERATION_RESETS_MAPPING,	/* so does the mapping, if it is memory of its own */
	OPERATION_TO_PRIVATE,		/* the private copy is seen */
	OPERATION_TO_SHARED,		/* the shared copy is seen */
};

enum operation_flag {
	OPERATION_TAKES		= 0x01,	/* accesses of the guest may fail until it is undone */
	OPERATION_MAPPING	= 0x02,	/* about the host's mapping, which shows the shared copy */
	OPERATION_FILE		= 0x04,	/* undoing others needs what undoing this one brings back */
	OPERATION_WHOLE		= 0x08,	/* about all of the memory, whatever the range is */
	OPERATION_ACROSS	= 0x10,	/* the range may lie in several memslots */
	OPERATION_HELD		= 0x20,	/* vCPUs are out of the guest until it is done */
	OPERATION_NO_PLAN	= 0x40,	/* part of another operation of plans */
};

/* One operation; members that do not apply are 0. */
struct operation {
	const char *name;	/* in ids, options and plans */
	const char *alias;	/* in plans and mixes of older versions */
	const char *claim;	/* what happens: a clause with subject and verb */
	uint8_t memory;		/* 1 << enum memory_kind: where it makes sense */
	uint8_t fields;		/* enum plan_field */
	uint8_t effect;		/* enum operation_effect */
	uint8_t flags;		/* enum operation_flag */
	int error;		/* that is due if nothing else happens: 0 or a positive errno */
	uint16_t weight;	/* default, in the mix of plans */
	uint16_t limit;		/* times that one VM stands it; 0: any number */
};

/* Numbers of the rows of operations.h: OP_PUNCH, ... */
enum operation_id {
#define OPERATION(id, ...) OP_##id,
#include "plan/operations.h"
#undef OPERATION
	OPERATIONS
};

/* Kinds of operation of a plan: the guest's (plan_abi.h), then accesses, rows, and signals. */
#define PLAN_HOST_READ	(PLAN_GUEST_KINDS + 0u)	/* through the host's mapping */
#define PLAN_HOST_WRITE	(PLAN_GUEST_KINDS + 1u)
#define PLAN_OPERATION	(PLAN_GUEST_KINDS + 2u)	/* the first row */
#define PLAN_SIGNAL	(PLAN_OPERATION + OPERATIONS)	/* to the thread of a vCPU */
#define PLAN_KINDS	(PLAN_SIGNAL + 1u)

/* The kind that a row is in plans: PLAN_OP(PUNCH). */
#define PLAN_OP(id)	(PLAN_OPERATION + OP_##id)

extern const struct operation plan_kinds[PLAN_KINDS];

/**
 * operation_get() - the data of a row
 * @id: of operations.h
 *
 * Return: the row.
 */
static inline const struct operation *operation_get(enum operation_id id)
{
	return &plan_kinds[PLAN_OPERATION + id];
}

/**
 * operation_find() - look a row up by its name
 * @name: its name, not an alias
 *
 * Return: its number, or OPERATIONS if there is none.
 */
enum operation_id operation_find(const char *name);

/**
 * operation_event() - what the history has to hear of an operation
 * @id: the operation, which was carried out
 * @kind: of the memory
 * @event: kind, value and copies are filled in; tickets, pages and EVENT_MAYBE are the caller's
 *
 * Return: true; false if contents and their visibility are as before.
 */
bool operation_event(enum operation_id id, enum memory_kind kind, struct event *event);

/**
 * operation_undo_event() - what it has to hear of the undoing
 * @id: the operation, which was undone
 * @kind: of the memory
 * @event: as in operation_event(); all pages are concerned
 *
 * Return: true; false if there is nothing to hear.
 */
bool operation_undo_event(enum operation_id id, enum memory_kind kind, struct event *event);

/**
 * operation_host_copy() - the copy that an access through the host's mapping meets
 * @kind: of memory
 *
 * Where there is only one copy, that is the side which has to be let in: nobody may make a sealed
 * page shared.
 *
 * Return: EVENT_COPY1, or 0 where the host sees all that the guest sees.
 */
static inline uint8_t operation_host_copy(enum memory_kind kind)
{
	return kind == MEMORY_ANON || kind == MEMORY_SHARED ? 0 : EVENT_COPY1;
}

#endif /* OPERATION_H */
