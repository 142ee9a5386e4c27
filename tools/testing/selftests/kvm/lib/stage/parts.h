/* SPDX-License-Identifier: GPL-2.0-only */
/* What the operations of host actors have in common: stage_host.c, stage_slot.c, stage_file.c. */
#ifndef STAGE_HOST_H
#define STAGE_HOST_H

#include <sys/types.h>
#include "stage/stage.h"

static inline uint64_t stage_ticket(const struct stage *s)
{
	return history_ticket(&vm_control(s->vm)->ticket);
}

/* An operation on whole pages that began at ticket @begin and is over. */
static inline void stage_log_range(struct stage_host *h, uint8_t kind, uint32_t page,
				   uint32_t pages, uint64_t value, uint64_t begin, uint8_t flags)
{
	struct event event = {
		.begin = begin, .end = stage_ticket(h->stage), .value = value, .page = page,
		.pages = pages, .kind = kind, .flags = flags,
	};

	history_log_append(h->log, &event);
}

/*
 * The copy that the host's mapping shows, or, where there is only one, the side that has to be
 * let in: nobody makes a sealed page shared.
 */
static inline uint8_t stage_host_copy(const struct stage *s)
{
	switch (s->config.kind) {
	case MEMORY_SPLIT:
	case MEMORY_SEALED:
	case MEMORY_INPLACE:
		return EVENT_COPY1;
	default:
		return 0;
	}
}

/* The copy that the file holds. */
static inline uint8_t stage_file_copy(const struct stage *s)
{
	return s->config.kind == MEMORY_SPLIT ? EVENT_COPY0 : 0;
}

/* Make pages private or shared, as the host sees fit. */
void stage_convert(struct stage_host *h, const struct plan_op *op);

/* The same in place, for a guest that has asked for it; see agent.h. */
int stage_guest_convert(struct agent *a, uint64_t gpa, uint64_t size, bool to_private, void *arg);

/* Skip the sub-test where a file cannot be converted. */
void stage_require_in_place(struct stage *s);

/* Delete memslot number @slot and create it again, on the same memory. */
void stage_replug(struct stage *s, uint32_t slot);

/* The same, and its memory is given back while it is away: it comes back empty. */
void stage_replace(struct stage_host *h, uint32_t slot);

/* Close the file; a new one takes its place.  All memslots are on it: they go and come back. */
void stage_reopen(struct stage_host *h);

/*
 * The same, and for a while memslots are there whose file is gone: no access of the guest may
 * succeed.
 */
void stage_orphan(struct stage_host *h);

/* A child holds copies of all files of this process, as long as it lives. */
pid_t stage_fork(void);
void stage_reap(pid_t pid);

#endif /* STAGE_HOST_H */
