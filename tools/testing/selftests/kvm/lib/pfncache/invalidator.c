// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ways to pull a page away from under a pfncache, one group after the other: mappings of
 * the host, contents that move, and KVM's own.
 */
#include <numaif.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "harness/nodes.h"
#include "harness/swap.h"
#include "harness/verdict.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
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

static void discard_pull(struct window *w)
{
	w->old = NULL;
	verdict_require(!madvise(w->hva, WINDOW_SIZE, MADV_DONTNEED), "MADV_DONTNEED");
}

static void protect_pull(struct window *w)
{
	w->old = w->hva;
	verdict_require(!mprotect(w->hva, WINDOW_SIZE, PROT_READ), "mprotect");
}

static void protect_give(struct window *w)
{
	verdict_require(!mprotect(w->hva, WINDOW_SIZE, PROT_READ | PROT_WRITE), "mprotect");
}

static void migrate_open(struct window *w)
{
	(void)w;
	if (nodes_count() < 2)
		verdict_skip("one NUMA node with memory, two are needed");
}

static void migrate_pull(struct window *w)
{
	unsigned long mask;

	w->node = !w->node;
	mask = 1ul << nodes_nth(w->node);
	w->old = NULL;
	if (mbind(w->hva, WINDOW_SIZE, MPOL_BIND, &mask, sizeof(mask) * 8,
		  MPOL_MF_MOVE | MPOL_MF_STRICT))
		verdict_note("mbind to node %d: %m", nodes_nth(w->node));
}

static void swap_open(struct window *w)
{
	(void)w;
	swap_require();
}

/*
 * The host writes to both pages first, away from the structure: a page that only KVM has
 * written to may be lost, which is docs/findings.md, 6 and no matter of refresh.
 */
static void swap_pull(struct window *w)
{
	w->old = NULL;
	((volatile uint8_t *)w->hva)[0]++;
	((volatile uint8_t *)w->hva)[WINDOW_SIZE - 1]++;
	verdict_require(!madvise(w->hva, WINDOW_SIZE, MADV_PAGEOUT), "MADV_PAGEOUT");
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

static void punch_pull(struct window *w)
{
	w->old = NULL;
	gmem_punch(w->fd, 0, WINDOW_SIZE);
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

static void move_pull(struct window *w)
{
	w->old = w->hva;
	w->slot.gpa += 1ull << 30;
	memslot_set(w->p.vm, &w->slot);
}

static void move_give(struct window *w)
{
	w->slot.gpa -= 1ull << 30;
	memslot_set(w->p.vm, &w->slot);
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

/* Private while it is away: a cache may then know of the private page, or not (backing.h). */
static void convert_pull(struct window *w)
{
	w->old = NULL;
	attributes_set(w->p.vm, WINDOW_GPA, WINDOW_SIZE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
}

static void convert_give(struct window *w)
{
	attributes_set(w->p.vm, WINDOW_GPA, WINDOW_SIZE, 0);
}

/* Nothing is pulled away: what is there has to stay, cache and contents. */
static void vcpu_pull(struct window *w)
{
	w->old = NULL;
	w->vcpu[w->vcpus] = vcpu_create_bare(w->p.vm, w->vcpus + 1);
	w->vcpus++;
}

const struct invalidator invalidators[] = {
	{ "remap", WINDOW_MEMFD, .pull = remap_pull },
	{ "unmap", WINDOW_MEMFD, .fails = true, .pull = unmap_pull, .give = unmap_give },
	{ "discard", WINDOW_ANON, .pull = discard_pull },
	{ "protect", WINDOW_ANON, .keeps = true, .fails = true, .pull = protect_pull,
	  .give = protect_give },
	{ "migrate", WINDOW_ANON, .keeps = true, .open = migrate_open, .pull = migrate_pull },
	{ "swap", WINDOW_ANON, .keeps = true, .open = swap_open, .pull = swap_pull },
	{ "fork", WINDOW_ANON, .keeps = true, .pull = fork_pull, .give = fork_give },
	{ "punch", WINDOW_GMEM, .pull = punch_pull },
	{ "slot-replace", WINDOW_MEMFD, .fails = true, .gpa_only = true, .open = replace_open,
	  .pull = replace_pull, .give = replace_give },
	{ "slot-move", WINDOW_ANON, .keeps = true, .fails = true, .gpa_only = true,
	  .pull = move_pull, .give = move_give },
	{ "point", WINDOW_MEMFD, .open = point_open, .pull = point_pull },
	{ "convert", WINDOW_SPLIT, .fails = true, .gpa_only = true, .pull = convert_pull,
	  .give = convert_give },
	{ "vcpu-create", WINDOW_ANON, .keeps = true, .limit = WINDOW_VCPUS, .pull = vcpu_pull },
	{ 0 }
};
