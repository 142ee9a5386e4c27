/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every gfn_to_pfn_cache that userspace can reach, seen from outside: KVM is told where
 * a structure lies, writes tokens into it on demand, and the test looks whether they
 * are where they should be.
 *
 *	pfncache_point(&vm, kind, gpa);
 *	pfncache_use(&vm, kind, 7);
 *	if (!kind->shows(hva, 7))
 *		...
 *
 * A token is a number from 1 to PFNCACHE_TOKENS.  What carries it differs: the time of a
 * clock, the bit of an event channel, a time of the runstate.  None of them depends on
 * a stable TSC.
 */
#ifndef X86_PFNCACHE_H
#define X86_PFNCACHE_H

#include <stdbool.h>
#include "pfncache/xen.h"

#define PFNCACHE_NOWHERE	(~0ull)
#define PFNCACHE_TOKENS		4095u

/* A VM, its only vCPU, and where KVM may put what a test is not interested in. */
struct pfncache_vm {
	struct vm *vm;
	struct vcpu *vcpu;
	bool xen;
};

struct pfncache_kind {
	const char *name;
	bool xen;		/* the VM has to be a Xen guest */
	bool hva;		/* addressed by host address, not guest physical address */
	unsigned int features;	/* KVM_XEN_HVM_CONFIG_* */
	unsigned int align;	/* bytes that the address must be aligned to, or the call fails */
	unsigned int size;	/* bytes of the structure */
	unsigned int clock;	/* offset of its struct pvclock, if it has one */
	bool split;		/* may cross a page */
	bool silent;		/* the call succeeds whatever the address is */

	/* Tell KVM the address; PFNCACHE_NOWHERE turns the cache off. 0 or -errno. */
	int (*point)(struct pfncache_vm *p, uint64_t address);

	/* Where KVM says it is; PFNCACHE_NOWHERE if it is off. */
	uint64_t (*where)(struct pfncache_vm *p);

	/* Make KVM write @token; 0 or -errno, but a clock that is not written says nothing. */
	int (*use)(struct pfncache_vm *p, uint32_t token);

	/* Does the memory hold @token, in a structure that is complete and consistent? */
	bool (*shows)(const void *memory, uint32_t token);
};

#define PFNCACHE_KINDS	8

extern const struct pfncache_kind pfncache_kinds[PFNCACHE_KINDS + 1];	/* ends with a NULL name */

/**
 * pfncache_offered() - does the running kernel have a kind of cache?
 * @kind: the kind
 *
 * Return: true if so.
 */
bool pfncache_offered(const struct pfncache_kind *kind);

/**
 * pfncache_open() - a VM of the default type for caches of @kind
 * @p: filled in
 * @kind: decides whether it is a Xen guest
 *
 * As a Xen guest it has a vcpu_info already, unless that is what @kind is about: an event
 * for a vCPU without one ends in the fault of docs/findings.md, 5.
 */
void pfncache_open(struct pfncache_vm *p, const struct pfncache_kind *kind);

/**
 * pfncache_require_space() - skip the sub-test where agents are in system management mode
 * @vm: the VM
 *
 * KVM looks its own pointers up in the ordinary address space.
 */
void pfncache_require_space(const struct vm *vm);

/**
 * pfncache_open_on() - turn a VM into one for caches of a kind
 * @p: filled in
 * @kind: decides whether it is a Xen guest
 * @vm: the VM, which pfncache_close() destroys
 */
void pfncache_open_on(struct pfncache_vm *p, const struct pfncache_kind *kind, struct vm *vm);

/**
 * pfncache_close() - destroy the vCPU and the VM
 * @p: the VM
 */
void pfncache_close(struct pfncache_vm *p);

/**
 * pfncache_enter() - enter the guest once, and come back
 * @p: the VM
 *
 * KVM deals with what it was asked for on the way.
 */
void pfncache_enter(struct pfncache_vm *p);

/**
 * pfncache_point() - tell KVM where the structure lies, which has to succeed
 * @p: the VM
 * @kind: of cache
 * @address: host or guest physical, as the kind wants it
 */
void pfncache_point(struct pfncache_vm *p, const struct pfncache_kind *kind, uint64_t address);

/**
 * pfncache_use() - make KVM write a token, which has to succeed
 * @p: the VM
 * @kind: of cache
 * @token: from 1 to PFNCACHE_TOKENS
 */
void pfncache_use(struct pfncache_vm *p, const struct pfncache_kind *kind, uint32_t token);

#endif /* X86_PFNCACHE_H */
