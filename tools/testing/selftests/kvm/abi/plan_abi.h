/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One operation of a plan, as host threads and the guest agent execute it; see plan.h
 * for what a plan is and docs/plans.md for its text form.  Freestanding: the agent
 * runs its list without leaving the guest.
 */
#ifndef PLAN_ABI_H
#define PLAN_ABI_H

#include <stdint.h>

/* Kinds below PLAN_GUEST_KINDS are a vCPU's, the others a host thread's. */
enum plan_kind {
	PLAN_READ,
	PLAN_POLL,		/* read a word until it changes, PLAN_LOOKS times at most */
	PLAN_WRITE,
	PLAN_EXCHANGE,
	PLAN_EXECUTE,
	PLAN_GUEST_CONVERT,	/* the guest asks its host */
	PLAN_GUEST_KINDS,

	PLAN_HOST_READ = PLAN_GUEST_KINDS,	/* through the host's mapping, as all of these */
	PLAN_HOST_WRITE,
	PLAN_PUNCH,
	PLAN_FALLOCATE,
	PLAN_CONVERT,		/* attributes of the VM */
	PLAN_PRE_FAULT,
	PLAN_REPLUG,		/* a memslot goes and comes back on the same backing */
	PLAN_REPLACE,		/* the same, and it comes back empty */
	PLAN_REOPEN,		/* close the file, a new one takes its place */
	PLAN_ORPHAN,		/* the same, and vCPUs run while the memslots' file is gone */
	PLAN_DISCARD,		/* MADV_DONTNEED */
	PLAN_REMAP,		/* munmap, mmap */
	PLAN_PROTECT,		/* mprotect to read-only and back */
	PLAN_FORK,		/* the child touches the mapping and exits */
	PLAN_DIRTY_LOG,		/* KVM_GET_DIRTY_LOG */
	PLAN_SIGNAL,		/* to the thread of a vCPU */
	PLAN_KINDS
};

/* Conversions: the state to reach; without it, shared. */
#define PLAN_TO_PRIVATE		0x1
/* PLAN_EXECUTE: call what is there, store no code first.  For tests; no text form has it. */
#define PLAN_AS_IS		0x2

/*
 * PLAN_EXECUTE alone uses the words [PLAN_CODE_SLOT, PLAN_CODE_SLOT + PLAN_CODE_SLOTS) of
 * a page, and no others: these words hold code or zero, never a token.
 */
#define PLAN_CODE_SLOT		256
#define PLAN_CODE_SLOTS		8

/* A vCPU stays in the guest for so many looks: it uses what its TLB holds until a flush. */
#define PLAN_LOOKS		5000

/* Fields that an operation has no use for are 0; see enum plan_field. */
struct plan_op {
	uint8_t kind;		/* enum plan_kind */
	uint8_t flags;
	uint16_t slot;		/* 8-byte word in the page */
	uint32_t page;		/* first page; or number of the memslot; or of the vCPU */
	uint32_t pages;		/* of the range; 1 where the operation takes a single page */
	uint32_t delay;		/* turns of an empty loop before it begins */
};

_Static_assert(sizeof(struct plan_op) == 16, "the agent sees the same layout");

/* When an operation was carried out, in tickets (history.h); end 0: not at all. */
struct plan_span {
	uint64_t begin;
	uint64_t end;
};

#endif /* PLAN_ABI_H */
