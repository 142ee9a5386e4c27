// SPDX-License-Identifier: GPL-2.0-only
/* Operations of a plan that make pages private or shared, on request of the host or the guest. */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include "harness/page.h"
#include "harness/verdict.h"
#include "machine/attributes.h"
#include "stage/parts.h"

#define PAGE	page_size()

/* Times that a page may be found in use: an access of the host's that is under way holds it. */
#define BUSY_TURNS	100

static uint64_t attributes_for(bool to_private)
{
	return to_private ? KVM_MEMORY_ATTRIBUTE_PRIVATE : 0;
}

/*
 * Part of one memslot.  A page that stays in use stays what it is, and so do all the others (posted
 * series "guest_memfd in-place conversion", api.rst, KVM_SET_MEMORY_ATTRIBUTES2, EAGAIN).
 */
static int convert_file(struct stage *s, uint64_t offset, uint64_t pages, uint64_t attributes)
{
	unsigned int turn;
	int r = -EAGAIN;

	for (turn = 0; r == -EAGAIN && turn < BUSY_TURNS; turn++) {
		if (turn)
			sched_yield();
		r = __attributes_set_gmem(s->gmem, offset, pages * PAGE, attributes, NULL);
	}
	return r;
}

static void convert_in_place(struct stage_host *h, const struct plan_op *op)
{
	const bool to_private = op->flags & PLAN_TO_PRIVATE;
	struct stage *s = h->stage;
	uint32_t i;
	int r;

	pthread_rwlock_rdlock(&s->file_lock);
	for (i = 0; i < s->config.slots; i++) {
		uint32_t first = op->page, pages = op->pages;
		uint64_t offset = stage_part(s, i, &first, &pages), begin;

		if (!pages)
			continue;
		begin = stage_ticket(s);
		r = convert_file(s, offset, pages, attributes_for(to_private));
		if (!r)
			stage_log_range(h, EVENT_CONVERT, first, pages, !to_private, begin, 0);
		else if (r != -EAGAIN || !to_private)
			stage_fail(s, VERDICT_ABI,
				   "KVM_SET_MEMORY_ATTRIBUTES2 to %s on page %u, %u pages: %s",
				   to_private ? "private" : "shared", first, pages, strerror(-r));
	}
	pthread_rwlock_unlock(&s->file_lock);
}

/*
 * No page becomes private while its memslot is away: an access that is emulated because of that
 * is one to the shared copy (docs/findings.md, 10).  Guests' conversions take vm->lock as well.
 */
static void convert_split(struct stage_host *h, const struct plan_op *op)
{
	const bool to_private = op->flags & PLAN_TO_PRIVATE;
	struct vm *vm = h->stage->vm;
	uint64_t begin;

	if (to_private)
		pthread_mutex_lock(&vm->lock);
	begin = stage_ticket(h->stage);
	attributes_set(vm, stage_gpa(op->page), op->pages * PAGE, attributes_for(to_private));
	stage_log_range(h, EVENT_CONVERT, op->page, op->pages, !to_private, begin, 0);
	if (to_private)
		pthread_mutex_unlock(&vm->lock);
}

void stage_convert(struct stage_host *h, const struct plan_op *op)
{
	if (h->stage->config.kind == MEMORY_INPLACE)
		convert_in_place(h, op);
	else
		convert_split(h, op);
}

int stage_guest_convert(struct agent *a, uint64_t gpa, uint64_t size, bool to_private, void *arg)
{
	struct stage *s = arg;
	int r = 0;
	uint32_t i;

	(void)a;
	for (i = 0; i < s->config.slots && !r; i++) {
		uint32_t first = (gpa - stage_gpa(0)) / PAGE, pages = size / PAGE;
		uint64_t offset = stage_part(s, i, &first, &pages);

		if (pages)
			r = convert_file(s, offset, pages, attributes_for(to_private));
	}
	return r;
}

void stage_require_in_place(struct stage *s)
{
	int r = __attributes_set_gmem(s->gmem, 0, PAGE, KVM_MEMORY_ATTRIBUTE_PRIVATE, NULL);

	if (r)
		verdict_skip("no in-place conversion in this kernel (KVM_SET_MEMORY_ATTRIBUTES2: %s)",
			     strerror(-r));
}
