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

/**
 * place_open() - create a VM with all places
 * @s: filled in, the cache points nowhere yet
 * @kind: of the cache
 */
void place_open(struct place_scene *s, const struct pfncache_kind *kind);

/**
 * place_close() - destroy the VM
 * @s: the scene
 */
void place_close(struct place_scene *s);

/**
 * place_each_kind() - call a function with a scene for each kind of cache that the kernel has
 * @fn: is told the scene
 *
 * Skips the sub-test if there is none.
 */
void place_each_kind(void (*fn)(struct place_scene *s));

/**
 * place_offset() - where in the memory a place is
 * @s: the scene
 * @at: a place in it
 *
 * Return: bytes from the start.
 */
uint64_t place_offset(const struct place_scene *s, enum place at);

/**
 * place_address() - get the address of a place
 * @s: the scene
 * @at: the place
 *
 * Return: host or guest physical, as the kind wants it.
 */
uint64_t place_address(const struct place_scene *s, enum place at);

/**
 * place_use() - make KVM write a token
 * @s: the scene
 * @token: the token
 * @expected: errno of the call, if it is one that can tell
 */
void place_use(struct place_scene *s, uint32_t token, int expected);

/**
 * place_snapshot() - remember what the memory holds
 * @s: the scene
 */
void place_snapshot(struct place_scene *s);

/**
 * place_unchanged() - fail if the memory has changed since the snapshot
 * @s: the scene
 * @offset: of what may change, bytes
 * @size: of it, bytes
 * @since: what was done
 */
void place_unchanged(const struct place_scene *s, uint64_t offset, uint64_t size,
		     const char *since);

/**
 * place_shows() - fail unless a token is there
 * @s: the scene
 * @offset: bytes from the start of the memory
 * @token: the token
 * @when: after what
 */
void place_shows(const struct place_scene *s, uint64_t offset, uint32_t token, const char *when);

/**
 * place_where() - fail unless KVM says that the cache points to an address
 * @s: the scene
 * @expected: the address
 * @when: after what
 */
void place_where(struct place_scene *s, uint64_t expected, const char *when);

/**
 * place_first() - activate the cache in the first page, and see token 1 there
 * @s: the scene
 */
void place_first(struct place_scene *s);

#endif /* X86_PLACE_H */
