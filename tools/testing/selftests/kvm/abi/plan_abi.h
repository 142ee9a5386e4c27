/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One operation of a plan, as host threads and the guest agent execute it; see plan.h
 * for what a plan is and docs/plans.md for its text form.  Freestanding: the agent
 * runs its list without leaving the guest.
 */
#ifndef PLAN_ABI_H
#define PLAN_ABI_H

#include <stdint.h>

/* What a vCPU does; the numbers from PLAN_GUEST_KINDS on are host threads' (plan/operation.h). */
enum plan_kind {
	PLAN_READ,
	PLAN_POLL,		/* read a word until it changes, PLAN_LOOKS times at most */
	PLAN_WRITE,
	PLAN_EXCHANGE,
	PLAN_EXECUTE,
	PLAN_GUEST_CONVERT,	/* the guest asks its host */
	PLAN_GUEST_KINDS
};

/* Conversions: the state to reach; without it, shared. */
#define PLAN_TO_PRIVATE		0x1
/* PLAN_EXECUTE: call what is there, store no code first.  For tests; no text form has it. */
#define PLAN_AS_IS		0x2

/*
 * PLAN_EXECUTE alone uses the words [PLAN_CODE_WORD, PLAN_CODE_WORD + PLAN_CODE_WORDS) of
 * a page, and no others: these words hold code or zero, never a token.
 */
#define PLAN_CODE_WORD		256
#define PLAN_CODE_WORDS		8

/* A vCPU stays in the guest for so many looks: it uses what its TLB holds until a flush. */
#define PLAN_LOOKS		5000

/* Fields that an operation has no use for are 0; see enum plan_field in plan/operation.h. */
struct plan_op {
	uint8_t kind;		/* enum plan_kind, or a host thread's */
	uint8_t flags;
	uint16_t word;		/* 8-byte word in the page */
	union {
		uint32_t page;		/* the first one */
		uint32_t memslot;	/* its number */
		uint32_t vcpu;		/* its number */
	};
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
