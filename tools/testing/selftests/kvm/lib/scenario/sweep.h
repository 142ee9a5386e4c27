/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sweeping the uAPI: calls with known answers, on every VM type, beside a guest that
 * must not notice.
 *
 *	static void sizes(struct api *api)
 *	{
 *		for (each row)
 *			api_expect(api, row->expected, call(row), "call with %s", ...);
 *	}
 *
 *	{ "api/create-size", "...", API_SUBJECT(sizes) },
 *
 * A wrong answer does not end the sub-test: all of them are collected and reported
 * together.  Damage to the guest ends it at once.
 */
#ifndef API_TABLE_H
#define API_TABLE_H

#include <errno.h>
#include <stdint.h>
#include "harness/runner.h"
#include "machine/agent.h"
#include "machine/gmem.h"
#include "memory/memory.h"

/*
 * The victim: a VM with RAM full of tokens, bound to the middle of its file.  The file's
 * first and last page, and the gpas from API_SPARE_GPA, are there for calls that succeed.
 *
 *	file	| 0 spare | 1 | 2 | 3 | 4 spare |
 *	RAM		  `-API_GPA-'
 */
#define API_FILE_PAGES	5
#define API_RAM_FIRST	1
#define API_RAM_PAGES	3
#define API_GPA		AGENT_TEST_GPA
#define API_SPARE_GPA	(AGENT_TEST_GPA + 0x10000000ull)

struct api {
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

struct api_subject {
	void (*calls)(struct api *api);
};

/* The last two members of a struct subtest. */
#define API_SUBJECT(fn) api_sweep, &(const struct api_subject){ fn }

/* Let run->arg, a struct api_subject, make its calls on every VM type that can take them. */
void api_sweep(const struct run *run);

/* Where kernels legitimately differ: either errno is right. */
#define API_EITHER(a, b)	((a) | (b) << 8)

/**
 * api_expect() - compare the outcome of a call, then make sure that the guest is unharmed
 * @api: the sweep
 * @expected: 0 for success, an errno, or API_EITHER()
 * @result: what came: -errno, or 0 and above for success
 * @fmt: the call
 *
 * Return: 0 if the call failed, 1 if it succeeded: what it made is the caller's to undo.
 */
int api_expect(struct api *api, int expected, long result, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* The same for a system call that reports through errno; its text is the description. */
#define api_call(api, expected, call) \
	api_expect(api, expected, (call) < 0 ? -errno : 0, "%s", #call)

/* Something other than an errno was wrong. */
void api_wrong(struct api *api, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The guest runs, its memory holds what it wrote, its file has its size; else fail. */
void api_check_victim(struct api *api, const char *after);

/*
 * A number of bytes in a table, whatever the host's page size: pages and a rest, modulo
 * 2^64.  { -1, INT64_MIN } is the last page below 2^63.
 */
struct api_bytes {
	int64_t pages;
	int64_t rest;
};

/* Both parts together, in bytes. */
uint64_t api_bytes(struct api_bytes b);

/* What a gpa in a table counts from. */
enum api_base { API_FROM_VICTIM, API_FROM_SPARE, API_FROM_ZERO };

/* The guest physical address that a row means. */
uint64_t api_gpa(enum api_base base, struct api_bytes offset);

#define API_SLOT	100
/* A slot that KVM accepts, with a file and memory of its own: rows change one thing about it. */
struct memslot api_slot_good(struct api *api);

/* KVM_SET_USER_MEMORY_REGION2 through api_expect(). */
int api_slot_set(struct api *api, int expected, const struct memslot *s, const char *what);

/* The same with size 0. */
void api_slot_delete(struct api *api, int expected, uint32_t id, const char *what);

/* Create a slot; one that came into being goes again at once. */
void api_slot_try(struct api *api, int expected, const struct memslot *s, const char *what);

#endif /* API_TABLE_H */
