/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the host and the guest agent agree on: layout of guest memory, mailbox,
 * operations.  Included by both; see docs/agent-abi.md for the prose.
 */
#ifndef AGENT_ABI_H
#define AGENT_ABI_H

#include <stdint.h>
#include "abi/cell.h"
#include "abi/history.h"
#include "abi/plan_abi.h"
#include "abi/prng.h"
#include "abi/timeline.h"
#include "abi/token.h"

/*
 * The control memslot: agent image and page tables, which are private memory where the guest is
 * encrypted, then what host and agent share: stacks, mailboxes, heap of the host.
 */
#define AGENT_CONTROL_GPA	0x100000ull
#define AGENT_CONTROL_SIZE	0x1100000ull
#define AGENT_IMAGE_MAX		0x20000ull
#define AGENT_OWN_SIZE		0x100000ull	/* up to here; ends where a leaf of 2 MiB does */

/*
 * Test memory lies in [AGENT_TEST_GPA, AGENT_TEST_GPA_END) and is mapped twice.  The
 * aliases differ in the private/shared bit where the architecture has one (SNP, TDX,
 * CCA); elsewhere they lead to the same memory.
 */
#define AGENT_TEST_GPA		0x100000000ull
#define AGENT_TEST_GPA_END	0x200000000ull
#define AGENT_ALIAS_PRIVATE	(1ull << 40)
#define AGENT_ALIAS_SHARED	(2ull << 40)

enum agent_opcode {
	AGENT_OP_NOP,
	AGENT_OP_READ,		/* value = word at gpa */
	AGENT_OP_WRITE,		/* word at gpa = value */
	AGENT_OP_EXCHANGE,	/* atomically both; returns the old word */
	AGENT_OP_CHECK_ZERO,	/* every word of [gpa, gpa + size) is zero */
	AGENT_OP_FILL,		/* every word gets token_at(value, page, word) */
	AGENT_OP_VERIFY,	/* every word has it */
	AGENT_OP_EXECUTE,	/* call code at gpa with value; if arg, first store code for it */
	AGENT_OP_CONVERT,	/* ask for size bytes to be private (arg = 1) or shared (0) */
	AGENT_OP_SPIN,		/* until the ticket counter reaches value */
	AGENT_OP_WATCH,		/* run the struct watch at control address arg until stopped */
	AGENT_OP_PLAN,		/* execute the struct agent_plan at control address arg */
	AGENT_OP_COPY,		/* copy size bytes at gpa to control address arg */
	AGENT_OP_RACE,		/* take turns: the struct agent_race at control address arg */
	AGENT_OP_COUNT,

	/* Operations that only one architecture has: x86/agent_arch.h. */
	AGENT_OP_ARCH = 0x100,
};

/* Access through the shared alias instead of the private one. */
#define AGENT_OP_SHARED		0x1

struct agent_op {
	uint32_t opcode;
	uint32_t flags;
	uint64_t gpa;
	uint64_t size;		/* bytes */
	uint64_t value;
	uint64_t arg;
};

enum agent_status {
	AGENT_OK,
	AGENT_MISMATCH,		/* contents: value found, expected, gpa */
	AGENT_EXCEPTION,	/* vector, error_code, fault_address, ip */
	AGENT_ABORTED,		/* the host gave the op up (an exception it injected) */
	AGENT_REFUSED,		/* hypercall failed: value */
	AGENT_BAD_OP,
};

struct agent_result {
	uint32_t status;
	uint32_t vector;
	uint64_t value;
	uint64_t expected;
	uint64_t gpa;
	uint64_t error_code;
	uint64_t fault_address;
	uint64_t ip;
	uint64_t ticket_begin;
	uint64_t ticket_end;
};

enum agent_mailbox_state {
	AGENT_BOOTING,
	AGENT_IDLE,
	AGENT_POSTED,
	AGENT_RUNNING,
};

/*
 * One per vCPU, in the control memslot.  The host writes op and sets POSTED while
 * the vCPU is out of the guest; the agent writes result and rings the doorbell.
 */
struct agent_mailbox {
	uint32_t state;
	uint32_t abort;			/* set by the host before it injects an exception */
	uint32_t stop;			/* set by the host to end AGENT_OP_WATCH */
	uint32_t vcpu;
	uint64_t mmio;			/* counted by the host: accesses that met a hole */
	struct agent_op op;
	struct agent_result result;
	uint64_t control;		/* control address of struct agent_control */
	uint64_t context[16];		/* the agent's own: where to resume after an exception */
	uint64_t ghcb;			/* control address of the SNP guest's GHCB, 0: none */
	uint64_t validated;		/* pages that an access found not validated */
	uint64_t l1;			/* control address: the agent runs in L2; 0: it does not */
	uint64_t emulated;		/* 1: KVM's emulator is to make the agent's accesses */
	uint64_t tdx;			/* 1: the agent is a TDX guest ... */
	uint64_t tdx_played;		/* ... without a TDX module: control address, or 0 */
	uint64_t other_alias;		/* set by the host before it injects an exception: the
					 * access is to be repeated through the other alias */
};

/* One per VM. */
struct agent_control {
	uint64_t ticket;		/* the one counter that orders events */
	/*
	 * Where aliases differ: control address of a bit for each page of test memory, set while
	 * the page is private.  The host changes it; elsewhere 0.
	 */
	uint64_t private_pages;
};

/**
 * agent_alias() - through which alias is a page reached?
 * @bits: the host's or the guest's view of private_pages; NULL: aliases do not differ
 * @gpa: in test memory
 *
 * Return: AGENT_ALIAS_SHARED of a shared page whose aliases differ, else AGENT_ALIAS_PRIVATE.
 */
static inline uint64_t agent_alias(const uint8_t *bits, uint64_t gpa)
{
	const uint64_t page = (gpa - AGENT_TEST_GPA) / 4096;

	if (!bits || gpa < AGENT_TEST_GPA || gpa >= AGENT_TEST_GPA_END)
		return AGENT_ALIAS_PRIVATE;
	return __atomic_load_n(&bits[page / 8], __ATOMIC_RELAXED) >> page % 8 & 1 ?
	       AGENT_ALIAS_PRIVATE : AGENT_ALIAS_SHARED;
}

/*
 * AGENT_OP_PLAN: the agent executes a list of operations and logs each; the vCPU leaves the
 * guest only where an operation makes it exit.  A write that the host gives up, or that meets
 * a hole, is logged as one that may not have happened (EVENT_MAYBE); such a read is not logged.
 */
struct agent_plan {
	uint64_t ops;			/* control addresses: struct plan_op ... */
	uint64_t spans;			/* ... struct plan_span of each ... */
	uint64_t log;			/* ... and struct history_log */
	uint64_t base;			/* where page 0 is mapped in the guest */
	uint64_t gpa;			/* and its guest physical address */
	uint64_t page_size;		/* the host's, bytes */
	uint32_t count;
	uint32_t next;			/* the operation under way */
	uint32_t vm;
	uint32_t actor;
	uint32_t seq;			/* of the last write; goes on from round to round */
	uint32_t holes;			/* accesses that met a hole */
	uint32_t gave_up;		/* operations that the host gave up */
};

/*
 * AGENT_OP_RACE: the vCPU is one side of a race.  In each turn at the gate the agent executes
 * and logs the operations that the turn's command names, as AGENT_OP_PLAN does it.
 */
struct agent_race {
	uint64_t gate;			/* control address: struct fuzzy_gate */
	uint64_t plan;			/* control address: struct agent_plan */
	uint32_t side;			/* of the gate */
	uint32_t linger;		/* spin for the next turn for a while; 0: leave after one */
	uint32_t presence;		/* enum agent_presence */
};

/*
 * A vCPU that lingers may lose its patience just when the host gives it a turn.  So the host
 * sets CALLED before each turn, and a vCPU that finds it does not leave.
 */
enum agent_presence { AGENT_AWAY, AGENT_HERE, AGENT_CALLED };

/* A turn's command: @count operations of the plan, from number @first on. */
#define AGENT_RACE_COMMAND(first, count)	((first) | (uint32_t)(count) << 16)

/*
 * AGENT_OP_WATCH: an actor keeps using pages [first, first + pages) of a region, its own word
 * in each of them, and holds every value that it reads against the model of that word.
 * The same code runs as a host thread on a mapping of the region (host_actor).
 */
#define WATCH_READ	0x1
#define WATCH_WRITE	0x2
#define WATCH_EXCHANGE	0x4
#define WATCH_RANDOM	0x8	/* pages and kinds of access in random order */

struct watch {
	uint64_t base;			/* where page 0 of the region is mapped: added to offsets */
	uint64_t page_size;		/* the host's, bytes */
	uint64_t timelines;		/* struct timeline, one or one per page */
	uint64_t cells;			/* struct cell, one per watched page */
	uint32_t timeline_stride;	/* bytes from page to page; 0: one for all */
	uint32_t first;
	uint32_t pages;
	uint32_t flags;
	uint32_t vm;
	uint32_t actor;
	uint32_t seq;
	uint32_t word;			/* even pages: word, odd pages: last word - word */
	struct prng prng;
	/* Written by the actor, read by the host while it runs. */
	uint64_t passes;
	uint64_t accesses;
	uint64_t overlaps;		/* accesses that met an operation of the host under way */
	/* The first anomaly. */
	uint64_t found;
	uint64_t expected;
	uint32_t bad_page;
	uint32_t bad;
	uint64_t bad_before;
	uint64_t bad_after;
};

/**
 * watch_word() - the word of a page that an actor watches
 * @w: what the actor watches
 * @page: index of the page in the region
 *
 * Return: index of the word (token.h); it differs between even and odd pages, so that a page in
 * the place of its neighbour shows.
 */
static inline unsigned int watch_word(const struct watch *w, uint32_t page)
{
	return page & 1 ? TOKEN_WORDS - 1 - w->word : w->word;
}

/**
 * watch_run() - the loop behind AGENT_OP_WATCH
 * @w: what to watch; addresses in it are those of the caller's address space
 * @stop: ends the loop when it becomes non-zero; looked at once per pass over the pages
 *
 * Return: 0 when stopped, 1 when an anomaly was found (described in @w).
 */
int watch_run(struct watch *w, const uint32_t *stop);

#endif /* AGENT_ABI_H */
