/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A plan: the shape of a VM and, for each actor (vCPU or host thread), the list of
 * operations that it executes, all lists at the same time.
 *
 * A plan is data.  It is generated from a seed, written to a file, read back, edited
 * by hand, and made smaller (minimise.h); whoever executes it does what it says and
 * adds no choice of its own.
 *
 *	struct plan_config config = { .kind = MEMORY_SPLIT, .vcpus = 2, .hosts = 1,
 *				      .pages = 64, .slots = 2, .ops = 100,
 *				      .mix = mix_default() };
 *	char error[PLAN_ERROR_MAX];
 *	struct plan plan;
 *
 *	if (!plan_config_check(&config, error, sizeof(error)))
 *		...
 *	plan_generate(&plan, &config, seed, round);
 *	plan_save(&plan, "fault.plan", error, sizeof(error));
 *	plan_free(&plan);
 */
#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include "abi/plan_abi.h"
#include "abi/token.h"
#include "plan/mix.h"
#include "plan/operation.h"

#define PLAN_VCPUS_MAX		64u
#define PLAN_HOSTS_MAX		64u
#define PLAN_ACTORS_MAX		(PLAN_VCPUS_MAX + PLAN_HOSTS_MAX)
#define PLAN_PAGES_MAX		(TOKEN_PAGE_MASK + 1)
#define PLAN_MEMSLOTS_MAX	16u
#define PLAN_OPS_MAX		4096u	/* per actor: a vCPU's list lies in the control memslot */
#define PLAN_DELAY_MAX		1000000u
#define PLAN_ERROR_MAX		512	/* bytes that hold any of the error lines */

/**
 * plan_kind_guest() - is this a vCPU's operation?
 * @kind: below PLAN_KINDS
 * Return: true if so, false if it is a host thread's.
 */
static inline bool plan_kind_guest(unsigned int kind)
{
	return kind < PLAN_GUEST_KINDS;
}

/**
 * plan_kind_valid() - may this be done on memory of a kind?
 * @kind: of an operation, below PLAN_KINDS
 * @memory: the kind of memory
 * @guest: by a vCPU, or by a host thread
 *
 * Return: true if so.
 */
static inline bool plan_kind_valid(unsigned int kind, enum memory_kind memory, bool guest)
{
	return plan_kind_guest(kind) == guest && plan_kinds[kind].memory >> memory & 1 &&
	       !(plan_kinds[kind].flags & OPERATION_NO_PLAN);
}

/**
 * plan_kind_names() - list the operations that an actor may do
 * @memory: on this kind
 * @guest: a vCPU, or a host thread
 * @text: names with commas between
 * @size: bytes at @text
 *
 * Return: @text.
 */
const char *plan_kind_names(enum memory_kind memory, bool guest, char *text, size_t size);

/* @ops to @swarm are for plan_generate() alone; a plan that was read has them 0. */
struct plan_config {
	enum memory_kind kind;
	uint32_t vcpus, hosts;
	uint32_t pages;		/* of guest memory in all memslots */
	uint32_t slots;		/* memslots, on one file */
	uint64_t seed;		/* plan_generate() sets it and round */
	uint32_t round;
	uint32_t ops;		/* of each host thread */
	uint32_t guest_ops;	/* of each vCPU; 0: as many */
	struct mix mix;
	bool swarm;		/* rounds differ: fewer kinds than in the mix, fewer pages */
};

struct plan_actor {
	struct plan_op *ops;
	uint32_t count;
};

/* vCPUs come first; an actor whose list is empty exists and does nothing. */
struct plan {
	struct plan_config config;
	struct plan_actor *actors;	/* plan_actors() of them */
};

/**
 * plan_actors() - count the actors of a plan
 * @p: the plan
 *
 * Return: vCPUs and host threads.
 */
static inline uint32_t plan_actors(const struct plan *p)
{
	return p->config.vcpus + p->config.hosts;

}

/**
 * plan_actor_guest() - is an actor a vCPU?
 * @p: the plan
 * @actor: its number
 *
 * Return: true if so, false if it is a host thread.
 */
static inline bool plan_actor_guest(const struct plan *p, uint32_t actor)
{
	return actor < p->config.vcpus;

}

/**
 * plan_config_check() - can a plan be generated from this?
 * @config: to be checked
 * @error: one line, if it returns false: what is wrong and what is allowed
 * @size: bytes in @error
 *
 * Return: true if so.
 */
bool plan_config_check(const struct plan_config *config, char *error, size_t size);

/**
 * plan_shape_check() - can a plan have this shape, whatever its operations and mix are?
 * @config: to be checked
 * @error: one line, if it returns false
 * @size: bytes in @error
 *
 * Return: true if so.
 */
bool plan_shape_check(const struct plan_config *config, char *error, size_t size);

/**
 * plan_generate() - the plan that belongs to a seed
 * @plan: filled in; plan_free() it
 * @config: passed plan_config_check()
 * @seed: of the whole run
 * @round: each round of a run has a plan of its own
 *
 * Same arguments, same plan, on every machine.  But for the targets of signals, an actor's
 * list does not depend on how many others there are.
 */
void plan_generate(struct plan *plan, const struct plan_config *config, uint64_t seed,
		   uint32_t round);

/**
 * plan_init() - begin a plan in which no actor does anything yet
 * @plan: filled in, to be given to plan_free()
 * @config: its shape
 */
void plan_init(struct plan *plan, const struct plan_config *config);

/**
 * plan_add() - append an operation to an actor's list
 * @plan: the plan
 * @actor: its number
 * @op: the operation
 *
 * Return: false if the list has PLAN_OPS_MAX already.
 */
bool plan_add(struct plan *plan, uint32_t actor, const struct plan_op *op);

/**
 * plan_copy() - make a copy with lists of its own
 * @to: filled in, to be given to plan_free()
 * @from: the original
 */
void plan_copy(struct plan *to, const struct plan *from);

/**
 * plan_free() - give the lists back
 * @plan: is empty then, and may be freed again
 */
void plan_free(struct plan *plan);

/**
 * plan_ops() - count the operations of all actors
 * @plan: the plan
 * Return: their number.
 */
uint32_t plan_ops(const struct plan *plan);

/**
 * plan_equal() - are two plans the same?
 * @a: one
 * @b: the other
 *
 * Return: true if shape, seed, round and operations are.
 */
bool plan_equal(const struct plan *a, const struct plan *b);

/**
 * plan_op_check() - can an actor do an operation in a VM of this shape?
 * @config: the shape
 * @guest: a vCPU, or a host thread
 * @op: the operation
 * @error: one line, if it returns false
 * @size: bytes in @error
 *
 * Return: true if so.
 */
bool plan_op_check(const struct plan_config *config, bool guest, const struct plan_op *op,
		   char *error, size_t size);

/**
 * plan_longest() - count the operations in the longest list
 * @plan: the plan
 *
 * Return: their number.
 */
uint32_t plan_longest(const struct plan *plan);

/* Where a memslot lies, in pages: in the test memory and in the file. */
struct plan_memslot {
	uint32_t first;
	uint32_t pages;
	uint32_t offset;
};

/**
 * plan_layout() - memslots of a plan
 * @config: its config
 * @memslots: room for config->slots of them
 *
 * They cover the pages in order, as equal as can be; their places in the file are
 * permuted by the seed, so that neighbours in guest memory need not be any in the file.
 * All rounds of a seed have the same layout: one VM serves them.
 */
void plan_layout(const struct plan_config *config, struct plan_memslot *memslots);

/**
 * plan_op_pages() - what an operation is about
 * @config: of its plan
 * @memslots: filled in by plan_layout()
 * @op: the operation
 * @first: set to the first page
 *
 * Return: how many pages; all of them for one that has no range of its own.
 */
uint32_t plan_op_pages(const struct plan_config *config, const struct plan_memslot *memslots,
		       const struct plan_op *op, uint32_t *first);

/**
 * plan_write() - write a plan as text
 * @plan: the plan
 * @file: where to
 *
 * Return: false with errno set if the file does not take it.
 */
bool plan_write(const struct plan *plan, FILE *file);

/**
 * plan_read() - read the text form
 * @plan: filled in; empty if it returns false
 * @file: from its present position to the end
 * @name: of @file, in error lines
 * @error: one line, if it returns false: file, line, what is wrong, what was expected
 * @size: bytes in @error
 *
 * Return: true if it is a plan.
 */
bool plan_read(struct plan *plan, FILE *file, const char *name, char *error, size_t size);

/**
 * plan_save() - write a plan to a file that appears complete or not at all
 * @plan: the plan
 * @path: of the file
 * @error: one line, if it returns false
 * @size: bytes in @error
 *
 * Return: true if it is there.
 */
bool plan_save(const struct plan *plan, const char *path, char *error, size_t size);

/**
 * plan_load() - read a plan from a file
 * @plan: filled in, empty if it returns false
 * @path: of the file
 * @error: one line, if it returns false
 * @size: bytes in @error
 *
 * Return: true if it was read.
 */
bool plan_load(struct plan *plan, const char *path, char *error, size_t size);

#endif /* PLAN_H */
