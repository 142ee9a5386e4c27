/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The memory that a pfncache points into, and the ways to pull it away from under KVM.
 *
 * A window is two pages of guest memory.  The structure lies at an offset that makes it
 * cross into the second page if the kind may.  Either the window is guest memory as all tests
 * have it, and operations of plan/operations.h pull it away; or it shows frames of a memfd, so
 * that what was pulled away can still be looked at:
 *
 *	memfd	|  frame 0  |  frame 1  |  frame 2  | ...	always visible at w->frames
 *	window		    `--gpa, hva-'
 */
#ifndef WINDOW_H
#define WINDOW_H

#include "memory/memory_operation.h"
#include "pfncache/pfncache.h"

#define WINDOW_SIZE	(2 * 4096ull)
#define WINDOW_PAGES	2u
#define WINDOW_FRAMES	4u
#define WINDOW_GPA	AGENT_TEST_GPA

struct window {
	struct pfncache_vm p;
	const struct pfncache_kind *kind;
	const struct invalidator *invalidator;
	struct memory *memory;		/* NULL: frames */
	struct memslot slot;		/* of frames */
	uint8_t *hva;			/* where the window is mapped */
	uint64_t offset;		/* of the structure */
	int fd;				/* of the memfd */
	uint8_t *frames;		/* the whole memfd */
	unsigned int frame;		/* that the window shows */
	const uint8_t *old;		/* what was pulled away; NULL: unseen */
	pid_t child;			/* of a fork */
	int to_child, from_child;
};

/* A way to take a page away. */
struct invalidator {
	const char *name;
	enum operation_id op;	/* OPERATIONS: one of its own, by the functions below */
	enum operation_id back;	/* gives back what @op took, where undoing it does not; or 0 */
	enum memory_kind kind;	/* of the memory that @op is done to */
	bool keeps;		/* contents stay, and with them what KVM has written */
	bool fails;		/* a use may fail until the page is given back */
	bool gpa_only;		/* means nothing to caches with a host address */
	bool outside;		/* in no memslot: caches with a host address only */
	bool anonymous;		/* of an own one: on memory of kind, not on frames */
	void (*open)(struct window *w);		/* may be NULL */
	void (*before)(struct window *w);	/* each pull by @op; may be NULL */
	void (*pull)(struct window *w);
	void (*give)(struct window *w);		/* may be NULL */
};

/**
 * invalidator_find() - look a way to take a page away up by its name
 * @name: its name
 *
 * Return: the invalidator; ends the sub-test if there is none.
 */
const struct invalidator *invalidator_find(const char *name);

/**
 * window_open() - a VM with a cache in memory that an invalidator can pull away
 * @w: filled in
 * @kind: of the cache, which is active when this returns
 * @invalidator: what will happen to it
 *
 * Skips the sub-test, saying why, if this machine cannot do it.
 *
 * Return: false if the two do not go together.
 */
bool window_open(struct window *w, const struct pfncache_kind *kind,
		 const struct invalidator *invalidator);

/**
 * window_close() - give everything back
 * @w: the window
 */
void window_close(struct window *w);

/**
 * window_pull() - pull the page away
 * @w: the window
 *
 * When this has returned, KVM must not write to what the window showed before.
 */
void window_pull(struct window *w);

/**
 * window_gives() - does the page have to be given back?
 * @w: the window
 *
 * Return: true if window_give() does anything.
 */
bool window_gives(const struct window *w);

/**
 * window_give() - bring memory back, if window_pull() left none
 * @w: the window
 */
void window_give(struct window *w);

/**
 * window_used_up() - does the VM stand no more pulls?
 * @w: the window
 *
 * Return: true if so.
 */
bool window_used_up(const struct window *w);

/**
 * window_address() - the address of the structure
 * @w: the window
 *
 * Return: host or guest physical address, as the cache's kind wants it.
 */
uint64_t window_address(const struct window *w);

/**
 * window_shows() - does the window show a token?
 * @w: the window
 * @token: the token
 *
 * Return: true if so.
 */
bool window_shows(const struct window *w, uint32_t token);

/**
 * window_frame() - where a frame of the memfd is always visible
 * @w: the window, on frames
 * @n: number of the frame, counted round
 *
 * Return: its host address.
 */
uint8_t *window_frame(const struct window *w, unsigned int n);

/**
 * window_next() - clear the frame after the current one
 * @w: the window, on frames
 *
 * Return: its number.
 */
unsigned int window_next(const struct window *w);

/**
 * window_map() - map a frame of the memfd into the window, in one step
 * @w: the window, on frames
 * @n: number of the frame
 */
void window_map(struct window *w, unsigned int n);

#endif /* WINDOW_H */
