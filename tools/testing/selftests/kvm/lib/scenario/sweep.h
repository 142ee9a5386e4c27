/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sweeping the uAPI: calls with known answers, on every VM type, beside a guest that
 * must not notice.
 *
 *	static void sizes(struct sweep *api)
 *	{
 *		for (each row)
 *			sweep_expect(api, row->expected, call(row), "call with %s", ...);
 *	}
 *
 *	{ "api/create-size", "...", SWEEP_SUBJECT(sizes) },
 *
 * A wrong answer does not end the sub-test: all of them are collected and reported
 * together.  Damage to the guest ends it at once.
 */
#ifndef SWEEP_H
#define SWEEP_H

#include <errno.h>
#include <stdint.h>
#include "harness/runner.h"
#include "machine/agent.h"
#include "machine/gmem.h"
#include "memory/memory.h"

/*
 * The victim: a VM with RAM full of tokens, bound to the middle of its file.  The file's
 * first and last page, and the gpas from SWEEP_SPARE_GPA, are there for calls that succeed.
 *
 *	file	| 0 spare | 1 | 2 | 3 | 4 spare |
 *	RAM		  `-SWEEP_GPA-'
 */
#define SWEEP_FILE_PAGES	5
#define SWEEP_RAM_FIRST	1
#define SWEEP_RAM_PAGES	3
#define SWEEP_GPA		AGENT_TEST_GPA
#define SWEEP_SPARE_GPA	(AGENT_TEST_GPA + 0x10000000ull)

struct sweep {
	struct vm *vm;
	struct memory *ram;
	struct agent *agent;
	int file;
	uint64_t flags;		/* the file's GUEST_MEMFD_FLAG_* */
	unsigned int calls;
	unsigned int wrong;
	enum verdict_class cls;	/* of what was wrong, if it is not VERDICT_ABI */
	char text[1500];	/* what was wrong, a line each */
};

struct sweep_subject {
	void (*calls)(struct sweep *api);
};

/* The last two members of a struct subtest. */
#define SWEEP_SUBJECT(fn) sweep_run, &(const struct sweep_subject){ fn }

/**
 * sweep_run() - let calls be made on every VM type that can take them
 * @run: its arg is a struct sweep_subject
 *
 * Skips the sub-test if there is no such type.
 */
void sweep_run(const struct run *run);

/* Where kernels legitimately differ: either errno is right. */
#define SWEEP_EITHER(a, b)	((a) | (b) << 8)

/**
 * sweep_expect() - compare the outcome of a call, then make sure that the guest is unharmed
 * @api: the sweep
 * @expected: 0 for success, an errno, or SWEEP_EITHER()
 * @result: what came: -errno, or 0 and above for success
 * @fmt: the call
 *
 * Return: 0 if the call failed, 1 if it succeeded: what it made is the caller's to undo.
 */
int sweep_expect(struct sweep *api, int expected, long result, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* The same for a system call that reports through errno; its text is the description. */
#define sweep_call(api, expected, call) \
	sweep_expect(api, expected, (call) < 0 ? -errno : 0, "%s", #call)

/**
 * sweep_wrong() - note that something other than an errno was wrong
 * @api: the sweep
 * @fmt: what was expected and what came
 * @...: its arguments
 */
void sweep_wrong(struct sweep *api, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/**
 * sweep_check_victim() - fail unless the guest runs, and its memory and file are as they were
 * @api: the sweep
 * @after: the call that may have harmed it
 */
void sweep_check_victim(struct sweep *api, const char *after);

/* A number of bytes in a table, whatever the host's page size: modulo 2^64. */
struct sweep_bytes {
	int64_t pages;
	int64_t rest;
};

/* How rows write one: FROM_2_63(-1) is the last page below 2^63, FROM_2_64(-1) the last of all. */
#define WHOLE_PAGES(pages)		{ pages, 0 }
#define PAGES_AND(pages, bytes)		{ pages, bytes }
#define FROM_2_63(pages)		{ pages, INT64_MIN }
#define FROM_2_64(pages)		{ pages, 0 }

/**
 * sweep_bytes() - add both parts of a size up
 * @b: pages and a rest
 *
 * Return: bytes, modulo 2^64.
 */
uint64_t sweep_bytes(struct sweep_bytes b);

/* What a gpa in a table counts from. */
enum sweep_base { SWEEP_FROM_VICTIM, SWEEP_FROM_SPARE, SWEEP_FROM_ZERO };

/**
 * sweep_gpa() - get the guest physical address that a row means
 * @base: what it counts from
 * @offset: how far
 *
 * Return: the address, bytes.
 */
uint64_t sweep_gpa(enum sweep_base base, struct sweep_bytes offset);

#define SWEEP_SLOT	100

/**
 * sweep_slot_good() - make a memslot that KVM accepts, for rows to change one thing about it
 * @api: the sweep
 *
 * Return: the memslot, not yet set, with a file and memory of its own.
 */
struct memslot sweep_slot_good(struct sweep *api);

/**
 * sweep_slot_set() - KVM_SET_USER_MEMORY_REGION2 through sweep_expect()
 * @api: the sweep
 * @expected: 0, an errno or SWEEP_EITHER()
 * @s: the memslot
 * @what: is special about it
 *
 * Return: 0 if the call failed, 1 if it succeeded.
 */
int sweep_slot_set(struct sweep *api, int expected, const struct memslot *s, const char *what);

/**
 * sweep_slot_delete() - delete a memslot through sweep_expect()
 * @api: the sweep
 * @expected: 0, an errno or SWEEP_EITHER()
 * @id: of the memslot
 * @what: is special about it
 */
void sweep_slot_delete(struct sweep *api, int expected, uint32_t id, const char *what);

/**
 * sweep_slot_try() - create a memslot, and delete one that came into being at once
 * @api: the sweep
 * @expected: 0, an errno or SWEEP_EITHER()
 * @s: the memslot
 * @what: is special about it
 */
void sweep_slot_try(struct sweep *api, int expected, const struct memslot *s, const char *what);

#endif /* SWEEP_H */
