// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include "plan/memory_mask.h"
#include "plan/operation.h"

#define WORD		(PLAN_PAGE | PLAN_WORD)
#define RANGE		(PLAN_PAGE | PLAN_PAGES)

/* Operations on a whole memslot or file are rare in plans: nothing else happens meanwhile. */
const struct operation plan_kinds[PLAN_KINDS] = {
	[PLAN_READ] = { "read", .memory = ALL, .fields = WORD, .weight = 40 },
	[PLAN_POLL] = { "poll", .memory = ALL, .fields = WORD, .weight = 3 },
	[PLAN_WRITE] = { "write", .memory = ALL, .fields = WORD, .weight = 40 },
	[PLAN_EXCHANGE] = { "exchange", .memory = ALL, .fields = WORD, .weight = 10 },
	[PLAN_EXECUTE] = { "execute", .memory = ALL, .fields = WORD, .weight = 4 },
	[PLAN_GUEST_CONVERT] = { "guest-convert", .memory = CONVERTED, .fields = RANGE | PLAN_TO,
				 .weight = 6 },
	[PLAN_HOST_READ] = { "host-read", .memory = ALL, .fields = WORD, .weight = 20 },
	[PLAN_HOST_WRITE] = { "host-write", .memory = ALL, .fields = WORD, .weight = 20 },
	[PLAN_SIGNAL] = { "signal", .memory = ALL, .fields = PLAN_VCPU, .weight = 2 },
#define OPERATION(id, run, undo, prepare, lacks, ...) [PLAN_OP(id)] = { __VA_ARGS__ },
#include "plan/operations.h"
#undef OPERATION
};

enum operation_id operation_find(const char *name)
{
	enum operation_id id;

	for (id = 0; id < OPERATIONS; id++)
		if (!strcmp(operation_get(id)->name, name))
			break;
	return id;
}

bool operation_event(enum operation_id id, enum memory_kind kind, struct event *event)
{
	switch (operation_get(id)->effect) {
	case OPERATION_RESETS_FILE:
		event->kind = EVENT_RESET;
		event->flags = kind == MEMORY_SPLIT ? EVENT_COPY0 : 0;
		return true;
	case OPERATION_RESETS_MAPPING:
		/* The contents of the file stay, and with them what its mapping shows. */
		if (memory_kind_mapped(kind))
			return false;
		event->kind = EVENT_RESET;
		event->flags = kind == MEMORY_SPLIT ? EVENT_COPY1 : 0;
		return true;
	case OPERATION_TO_PRIVATE:
	case OPERATION_TO_SHARED:
		event->kind = EVENT_CONVERT;
		event->value = operation_get(id)->effect == OPERATION_TO_SHARED;
		return true;
	default:
		return false;
	}
}

bool operation_undo_event(enum operation_id id, enum memory_kind kind, struct event *event)
{
	/* A new file is private as a whole. */
	if (!(operation_get(id)->flags & OPERATION_FILE) || kind != MEMORY_INPLACE)
		return false;
	event->kind = EVENT_CONVERT;
	event->value = 0;
	return true;
}
