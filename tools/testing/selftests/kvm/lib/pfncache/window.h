/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The memory that a pfncache points into, and the ways to pull it away from under KVM.
 *
 * A window is two pages of guest memory.  The structure lies at an offset that makes it
 * cross into the second page if the kind may.
 *
 *	memfd	|  frame 0  |  frame 1  |  frame 2  | ...	always visible at w->frames
 *	window		    `--gpa, hva-'
 */
#ifndef X86_WINDOW_H
#define X86_WINDOW_H

#include "machine/memslot.h"
#include "pfncache/pfncache.h"

#define WINDOW_SIZE	(2 * 4096ull)
#define WINDOW_FRAMES	4u
#define WINDOW_VCPUS	60u
#define WINDOW_GPA	AGENT_TEST_GPA

enum window_backing {
	WINDOW_MEMFD,		/* frames of a file: what was taken away can still be looked at */
	WINDOW_ANON,		/* private memory */
	WINDOW_GMEM,		/* guest_memfd, shared */
	WINDOW_SPLIT,		/* private memory for shared pages, guest_memfd for private ones */
};

struct window {
	struct pfncache_vm p;
	const struct pfncache_kind *kind;
	const struct invalidator *invalidator;
	struct memslot slot;
	uint8_t *hva;			/* where the window is mapped */
	uint64_t offset;		/* of the structure */
	int fd;				/* of a memfd or guest_memfd */
	uint8_t *frames;		/* the whole memfd */
	unsigned int frame;		/* that the window shows */
	const uint8_t *old;		/* what was pulled away; NULL: unseen */
	pid_t child;			/* of a fork */
	int to_child, from_child;
	unsigned int node;
	struct vcpu *vcpu[WINDOW_VCPUS];	/* created beside the one that there is */
	unsigned int vcpus;
};

/* A way to take a page away. */
struct invalidator {
	const char *name;
	enum window_backing backing;
	bool keeps;		/* contents stay, and with them what KVM has written */
	bool fails;		/* a use may fail until the page is given back */
	bool gpa_only;		/* means nothing to caches with a host address */
	unsigned int limit;	/* pulls before the window is used up; 0: none */
	void (*open)(struct window *w);		/* skips if something is missing; may be NULL */
	/* When this has returned, KVM must not write to what the window showed before. */
	void (*pull)(struct window *w);
	/* Bring memory back, if pull() left none; may be NULL. */
	void (*give)(struct window *w);
};

extern const struct invalidator invalidators[];		/* ends with a NULL name */

/**
 * window_open() - a VM with a cache of @kind in memory for @invalidator
 * @w: filled in
 * @kind: of the cache, which is active when this returns
 * @invalidator: what will happen to it
 *
 * Return: false if the two do not go together.
 */
bool window_open(struct window *w, const struct pfncache_kind *kind,
		 const struct invalidator *invalidator);
void window_close(struct window *w);

/* The address of the structure, as the cache's kind wants it. */
uint64_t window_address(const struct window *w);

/* Does the window show @token? */
bool window_shows(const struct window *w, uint32_t token);

/* Host addresses of frame @n of the memfd. */
uint8_t *window_frame(const struct window *w, unsigned int n);

/* Number of the frame after the current one, which is cleared. */
unsigned int window_next(const struct window *w);

/* Map frame @n of the memfd into the window, in one step. */
void window_map(struct window *w, unsigned int n);

#endif /* X86_WINDOW_H */
