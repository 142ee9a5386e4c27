// SPDX-License-Identifier: GPL-2.0-only
/* The ways to pull a page away from under a pfncache: those of its own, and operations by name. */
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "abi/array.h"
#include "harness/verdict.h"
#include "pfncache/window.h"

/* The next frame, clean, in place of the current one: there is no moment without memory. */
static void remap_pull(struct window *w)
{
	w->old = window_frame(w, w->frame);
	window_map(w, window_next(w));
}

static void unmap_pull(struct window *w)
{
	w->old = window_frame(w, w->frame);
	verdict_require(!munmap(w->hva, WINDOW_SIZE), "munmap");
}

static void unmap_give(struct window *w)
{
	window_map(w, window_next(w));
}

/*
 * The host writes to both pages first, away from the structure: a page that only KVM has
 * written to may be lost, which is docs/findings.md, 6 and no matter of refresh.
 */
static void make_dirty(struct window *w)
{
	((volatile uint8_t *)w->hva)[0]++;
	((volatile uint8_t *)w->hva)[WINDOW_SIZE - 1]++;
}

/*
 * The child keeps what the window showed when it was forked, and looks whether that stays
 * so until the parent closes the pipe.
 */
static void __attribute__((noreturn)) child_watch(struct window *w, int in, int out)
{
	uint8_t before[WINDOW_SIZE], byte = 0;

	close(w->to_child);
	memcpy(before, w->hva, sizeof(before));
	if (write(out, &byte, 1) != 1)
		_exit(2);
	(void)!read(in, &byte, 1);
	_exit(!!memcmp(before, w->hva, sizeof(before)));
}

static void fork_pull(struct window *w)
{
	int to[2], from[2];
	uint8_t byte;

	w->old = NULL;
	verdict_require(!pipe(to) && !pipe(from), "pipe");
	w->to_child = to[1];
	w->from_child = from[0];
	w->child = fork();
	verdict_require(w->child >= 0, "fork");
	if (!w->child)
		child_watch(w, to[0], from[1]);
	close(to[0]);
	close(from[1]);
	verdict_require(read(w->from_child, &byte, 1) == 1, "a child that says that it is ready");
}

static void fork_give(struct window *w)
{
	int status;

	close(w->to_child);
	close(w->from_child);
	verdict_require(waitpid(w->child, &status, 0) == w->child, "waitpid");
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		verdict_fail(VERDICT_STALE_MAPPING,
			     "%s: memory of the child changed after fork() had returned (status %#x)",
			     w->kind->name, status);
}

/* The slot goes and comes back with another frame behind it, at an address of its own. */
static void replace_pull(struct window *w)
{
	w->old = window_frame(w, w->frame);
	memslot_delete(w->p.vm, &w->slot);
}

static void replace_give(struct window *w)
{
	w->frame = window_next(w);
	w->slot.hva = window_frame(w, w->frame);
	w->hva = w->slot.hva;
	memslot_set(w->p.vm, &w->slot);
}

static void replace_open(struct window *w)
{
	munmap(w->hva, WINDOW_SIZE);
	memslot_delete(w->p.vm, &w->slot);
	w->frame = WINDOW_FRAMES - 1;
	replace_give(w);
}

/* KVM is told another place: the next frame, behind a second slot or at its own address. */
static void point_pull(struct window *w)
{
	w->old = window_frame(w, w->frame);
	w->frame = window_next(w);
	w->hva = window_frame(w, w->frame);
	pfncache_point(&w->p, w->kind, w->kind->hva ? (uintptr_t)w->hva + w->offset :
		       WINDOW_GPA + w->frame * WINDOW_SIZE + w->offset);
}

/* The slot covers all frames. */
static void point_open(struct window *w)
{
	munmap(w->hva, WINDOW_SIZE);
	memslot_delete(w->p.vm, &w->slot);
	w->hva = w->slot.hva = w->frames;
	w->slot.size = WINDOW_FRAMES * WINDOW_SIZE;
	memslot_set(w->p.vm, &w->slot);
}

/* Those of their own watch the frame that was taken away, or a child; the rest is in the table. */
static const struct invalidator invalidators[] = {
	{ "remap", OPERATIONS, .pull = remap_pull },
	{ "unmap", OPERATIONS, .fails = true, .pull = unmap_pull, .give = unmap_give },
	{ "remap-outside", OPERATIONS, .outside = true, .pull = remap_pull },
	{ "unmap-outside", OPERATIONS, .fails = true, .outside = true, .pull = unmap_pull,
	  .give = unmap_give },
	{ "slot-replace", OPERATIONS, .fails = true, .gpa_only = true, .open = replace_open,
	  .pull = replace_pull, .give = replace_give },
	{ "point", OPERATIONS, .open = point_open, .pull = point_pull },
	{ "fork", OPERATIONS, .kind = MEMORY_ANON, .anonymous = true, .keeps = true,
	  .pull = fork_pull, .give = fork_give },
	{ "discard", OP_DISCARD, .kind = MEMORY_ANON },
	{ "protect", OP_PROTECT, .kind = MEMORY_ANON, .keeps = true, .fails = true },
	{ "migrate", OP_BIND, .kind = MEMORY_ANON, .keeps = true },
	{ "swap", OP_PAGE_OUT, .kind = MEMORY_ANON, .keeps = true, .before = make_dirty },
	{ "punch", OP_PUNCH, .kind = MEMORY_SHARED },
	{ "file-close", OP_FILE_CLOSE, .kind = MEMORY_SHARED, .fails = true },
	{ "slot-move", OP_SLOT_MOVE, .kind = MEMORY_ANON, .keeps = true, .fails = true,
	  .gpa_only = true },
	{ "other-slot", OP_OTHER_SLOT, .kind = MEMORY_ANON, .keeps = true },
	/* Private while it is away: a cache may know of the private page, or not (backing.h). */
	{ "convert", OP_TO_PRIVATE, OP_TO_SHARED, MEMORY_PRIVATE, .fails = true, .gpa_only = true },
	{ "vcpu-create", OP_VCPU_CREATE, .kind = MEMORY_ANON, .keeps = true },
};

const struct invalidator *invalidator_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(invalidators); i++)
		if (!strcmp(invalidators[i].name, name))
			return &invalidators[i];
	verdict_fail(VERDICT_SETUP, "'%s' is no invalidator", name);
}
