/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The places that a test of the uAPI points a pfncache at, good ones and bad ones, and what
 * may change in memory when KVM writes.
 *
 *	RAM	| first | second | odd .. crossing | .. crossing |	PLACE_GPA
 *	beside	| read only | hole |
 */
#ifndef X86_PLACE_H
#define X86_PLACE_H

#include "memory/memory.h"
#include "pfncache/pfncache.h"

#define PLACE_PAGE	4096ull
#define PLACE_PAGES	4u
#define PLACE_GPA	AGENT_TEST_GPA
#define PLACE_HOLE	(PLACE_GPA + (1ull << 30))

enum place { FIRST, SECOND, ODD, CROSSING, READ_ONLY, HOLE, KERNEL };

struct place_scene {
	struct pfncache_vm p;
	const struct pfncache_kind *kind;
	struct memory *ram;
	struct memslot read_only;
	uint8_t *hole;		/* host address of nothing */
	uint8_t before[PLACE_PAGES * PLACE_PAGE];
};

/* A VM with all places; the cache points nowhere yet. */
void place_open(struct place_scene *s, const struct pfncache_kind *kind);
void place_close(struct place_scene *s);

/* Call @fn with a scene for each kind that the kernel has; skips if there is none. */
void place_each_kind(void (*fn)(struct place_scene *s));

/* Where in the RAM a place is, bytes; those that are elsewhere have no offset. */
uint64_t place_offset(const struct place_scene *s, enum place at);

/* The address, of the sort that the kind wants. */
uint64_t place_address(const struct place_scene *s, enum place at);

/* Make KVM write @token; @expected is the errno of the call, if it is one that can tell. */
void place_use(struct place_scene *s, uint32_t token, int expected);

/* Remember what the RAM holds ... */
void place_snapshot(struct place_scene *s);

/* ... and fail if any of it has changed, but for @size bytes from @offset. */
void place_unchanged(const struct place_scene *s, uint64_t offset, uint64_t size,
		     const char *since);

/* Fail unless @token is at @offset of the RAM. */
void place_shows(const struct place_scene *s, uint64_t offset, uint32_t token, const char *when);

/* Fail unless KVM says that the cache points to @expected. */
void place_where(struct place_scene *s, uint64_t expected, const char *when);

/* Activate the cache in the first page, and see token 1 there. */
void place_first(struct place_scene *s);

#endif /* X86_PLACE_H */
