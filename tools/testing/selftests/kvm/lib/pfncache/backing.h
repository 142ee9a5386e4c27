/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What lies behind the page that a pfncache points into, looked at by the host and by a
 * vCPU.
 *
 * In Linux 7.3 a cache is resolved by the slot's userspace address, whatever else the slot
 * has (pfncache.c, hva_to_pfn_retry()).  So with a guest_memfd that the address does not lead
 * to, KVM writes to memory that the guest does not see: the guest finds a version of 0, which
 * is how it learns that there is no clock.  A kernel whose caches know guest_memfd (posted as
 * "KVM: pfncache: Add guest_memfd support") writes to what the guest sees, private or not.
 * Which of the two it is, is probed once; everything else has to follow from it.
 */
#ifndef X86_BACKING_H
#define X86_BACKING_H

#include "machine/agent.h"
#include "machine/memslot.h"
#include "pfncache/pfncache.h"

#define BACKING_GPA	AGENT_TEST_GPA
#define BACKING_SIZE	4096ull

struct backing_scene {
	struct pfncache_vm p;
	const struct pfncache_kind *kind;
	struct agent *agent;	/* a second vCPU, that looks */
	struct memslot slot;
	uint64_t copy;		/* control address of what it saw */
	uint32_t token;		/* the last one used */
	bool aware;		/* the kernel's caches know guest_memfd */
};

struct backing {
	const char *name;
	bool private;		/* needs a VM type with private memory */
	bool apart;		/* host and guest may see different memories: no caches by hva */
	/* Fill in the slot; skips if there is no such memory. */
	void (*back)(struct backing_scene *s);
};

/**
 * backing_each_kind() - call a function with a slot on a backing, for each kind of cache
 * @b: the backing
 * @fn: is told the scene, and aware is probed if the two memories are apart
 */
void backing_each_kind(const struct backing *b, void (*fn)(struct backing_scene *s));

/**
 * backing_point() - point the cache at the slot's page, which has to succeed
 * @s: the scene
 */
void backing_point(struct backing_scene *s);

/**
 * backing_use() - make KVM write a new token
 * @s: the scene
 *
 * Return: 0 or -errno; whether it gets anywhere is for the caller to look.
 */
int backing_use(struct backing_scene *s);

/**
 * backing_guest_shows() - does the guest see the last token?
 * @s: the scene
 *
 * Return: true if so.
 */
bool backing_guest_shows(struct backing_scene *s);

/**
 * backing_host_shows() - does the host see the last token at the slot's address?
 * @s: the scene
 *
 * Return: true if so.
 */
bool backing_host_shows(const struct backing_scene *s);

/**
 * backing_same() - fail unless a new token shows on both sides
 * @s: the scene
 * @what: was done before
 */
void backing_same(struct backing_scene *s, const char *what);

/**
 * backing_map() - mmap() that has to succeed
 * @size: bytes
 * @flags: MAP_*
 * @fd: file, or -1
 *
 * Return: the address.
 */
void *backing_map(uint64_t size, int flags, int fd);

#endif /* X86_BACKING_H */
