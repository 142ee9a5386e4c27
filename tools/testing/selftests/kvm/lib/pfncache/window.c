// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "harness/verdict.h"
#include "pfncache/window.h"

#define MEMFD_SIZE	(WINDOW_FRAMES * WINDOW_SIZE)

uint8_t *window_frame(const struct window *w, unsigned int n)
{
	return w->frames + n % WINDOW_FRAMES * WINDOW_SIZE;
}

unsigned int window_next(const struct window *w)
{
	unsigned int n = (w->frame + 1) % WINDOW_FRAMES;

	memset(window_frame(w, n), 0, WINDOW_SIZE);
	return n;
}

void window_map(struct window *w, unsigned int n)
{
	void *p = mmap(w->hva, WINDOW_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, w->fd,
		       n % WINDOW_FRAMES * WINDOW_SIZE);

	verdict_require(p == w->hva, "mmap of a window");
	w->frame = n % WINDOW_FRAMES;
}

static void window_frames(struct window *w)
{
	w->fd = memfd_create("window", MFD_CLOEXEC);
	verdict_require(w->fd >= 0 && !ftruncate(w->fd, MEMFD_SIZE), "memfd_create");
	w->frames = mmap(NULL, MEMFD_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, w->fd, 0);
	verdict_require(w->frames != MAP_FAILED, "mmap of frames");
	memset(w->frames, 0, MEMFD_SIZE);
	w->hva = mmap(NULL, WINDOW_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, w->fd, 0);
	verdict_require(w->hva != MAP_FAILED, "mmap of a window");
	w->slot = (struct memslot){
		.id = w->p.vm->next_slot++, .gpa = WINDOW_GPA, .size = WINDOW_SIZE, .hva = w->hva,
	};
	if (!w->invalidator->outside)
		memslot_set(w->p.vm, &w->slot);
}

/* Shared where there are two copies: that is what a cache by host address shows. */
static void window_memory(struct window *w)
{
	const enum operation_id op = w->invalidator->op;
	const char *lacks;

	w->memory = memory_create(w->p.vm, w->invalidator->kind, WINDOW_GPA, WINDOW_SIZE);
	w->memory->spare = w->p.vcpu;
	w->hva = w->memory->hva;
	lacks = op == OPERATIONS ? NULL : memory_lacks(w->memory, op);
	if (lacks)
		verdict_skip("%s", lacks);
	if (memory_kind_converts(w->memory->kind))
		verdict_require(!memory_do(w->memory, OP_TO_SHARED, 0, WINDOW_PAGES),
				"KVM_SET_MEMORY_ATTRIBUTES");
	memset(w->hva, 0, WINDOW_SIZE);
}

void window_pull(struct window *w)
{
	const struct invalidator *inv = w->invalidator;
	const struct operation *o;
	int error;

	if (inv->op == OPERATIONS) {
		inv->pull(w);
		return;
	}
	if (inv->before)
		inv->before(w);
	/* What stays where it is, but must not be written meanwhile, can be looked at. */
	o = operation_get(inv->op);
	w->old = o->flags & OPERATION_TAKES && o->effect == OPERATION_KEEPS ? w->hva : NULL;
	error = -memory_do(w->memory, inv->op, 0, WINDOW_PAGES);
	if (error != o->error)
		verdict_fail(VERDICT_ABI, "%s of the window: %s, expected %s", o->name,
			     strerror(error), strerror(o->error));
}

bool window_gives(const struct window *w)
{
	const struct invalidator *inv = w->invalidator;

	return inv->op == OPERATIONS ? !!inv->give : inv->back || memory_undoes(inv->op);
}

void window_give(struct window *w)
{
	const struct invalidator *inv = w->invalidator;

	if (inv->op == OPERATIONS)
		inv->give(w);
	else if (inv->back)
		verdict_require(!memory_do(w->memory, inv->back, 0, WINDOW_PAGES), "giving back");
	else
		memory_undo(w->memory, inv->op, 0, WINDOW_PAGES);
}

bool window_used_up(const struct window *w)
{
	return w->invalidator->op != OPERATIONS && memory_used_up(w->memory, w->invalidator->op);
}

uint64_t window_address(const struct window *w)
{
	return (w->kind->hva ? (uintptr_t)w->hva : WINDOW_GPA) + w->offset;
}

bool window_shows(const struct window *w, uint32_t token)
{
	return w->kind->shows(w->hva + w->offset, token);
}

bool window_open(struct window *w, const struct pfncache_kind *kind,
		 const struct invalidator *invalidator)
{
	const bool frames = invalidator->op == OPERATIONS && !invalidator->anonymous;

	if (!pfncache_offered(kind) || (invalidator->gpa_only && kind->hva) ||
	    (invalidator->outside && !kind->hva))
		return false;
	memset(w, 0, sizeof(*w));
	w->kind = kind;
	w->invalidator = invalidator;
	w->fd = -1;
	/* Half of a split structure in either page; others at the end of the first. */
	w->offset = 4096 - (kind->split ? kind->size / 2 : kind->size);
	pfncache_open_on(&w->p, kind, vm_create(memory_vm_type(invalidator->kind)));
	if (frames)
		window_frames(w);
	else
		window_memory(w);
	if (invalidator->open)
		invalidator->open(w);
	pfncache_point(&w->p, kind, window_address(w));
	return true;
}

void window_close(struct window *w)
{
	if (w->memory) {
		memory_destroy(w->memory);
	} else {
		if (!w->invalidator->outside)
			memslot_delete(w->p.vm, &w->slot);
		munmap(w->hva, WINDOW_SIZE);
		munmap(w->frames, MEMFD_SIZE);
		close(w->fd);
	}
	pfncache_close(&w->p);
}
