/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The VM that plans are executed on: memslots as a plan lays them out, an agent for each
 * of its vCPUs, a thread for each of its host actors, a log for each of both, and the
 * checker that judges them at the end of every round.
 */
#ifndef STAGE_H
#define STAGE_H

#include <pthread.h>
#include "abi/history.h"
#include "harness/page.h"
#include "machine/agent.h"
#include "memory/memory.h"
#include "oracle/checker.h"
#include "plan/overlap.h"
#include "plan/plan.h"

struct stage;

/* One host actor. */
struct stage_host {
	struct stage *stage;
	pthread_t thread;
	const struct plan_actor *list;
	struct history_log *log;
	struct plan_span *spans;
	uint32_t actor;		/* as in token.h */
	uint32_t seq;		/* of its last write */
	uint64_t signals;	/* accesses that ended in SIGBUS or SIGSEGV, in this round */
	int node;		/* runs on; -1: anywhere */
};

/* Told of a fault before the sub-test ends with it. */
typedef void (*stage_failed_fn)(const struct stage *s, enum verdict_class cls, const char *text,
				void *arg);

struct stage_setup {
	uint32_t ops;		/* most operations that an actor of any plan has */
	bool check;		/* keep histories and judge the contents */
	int place;		/* NUMA node of the first thread and memslot; -1: anywhere */
	bool steady;		/* what long rounds may need is resident from the start */
	bool may_slip;		/* rounds that the emulator spoils are not judged: @slipped */
	stage_failed_fn failed;	/* may be NULL */
	void *failed_arg;
};

/* Sums over all rounds. */
struct stage_counts {
	struct overlap overlap;
	uint64_t rounds;
	uint64_t faults;	/* exits of vCPUs for a memory fault */
	uint64_t holes;		/* accesses of vCPUs that met no memslot */
	uint64_t converts;	/* conversions that guests asked for */
	uint64_t signals;	/* accesses of host threads that ended in SIGBUS or SIGSEGV */
	uint64_t gave_up;	/* operations of vCPUs given up after too many faults in a row */
	uint64_t unstuck;	/* accesses that went on after a pre-fault: docs/findings.md, 3 */
};

struct stage {
	struct plan_config config;
	struct stage_setup setup;
	struct vm *vm;
	struct memory *memory;
	struct plan_memslot layout[PLAN_MEMSLOTS_MAX];
	uint64_t lacking;		/* operations that this machine cannot do, a bit each */
	pthread_rwlock_t file_lock;	/* see stage_step.c for these three */
	pthread_mutex_t map_lock;
	pthread_mutex_t slot_lock;
	uint64_t mapping_epoch;		/* odd while part of the mapping is unmapped */

	struct agent *agents[PLAN_VCPUS_MAX];
	struct agent_plan *guests[PLAN_VCPUS_MAX];
	struct stage_host hosts[PLAN_HOSTS_MAX];
	struct history_log *logs[PLAN_ACTORS_MAX];
	struct plan_span *spans[PLAN_ACTORS_MAX];
	struct checker_config checker_config;
	struct checker *checker;	/* NULL: contents are not judged */

	const struct plan *plan;	/* of this round */
	int anomalies;			/* of the last one */
	bool slipped;			/* it was spoilt by the emulated CPU, and so is this VM */
	struct stage_counts counts;
};

/**
 * stage_create() - build the VM that plans of this shape run on
 * @config: kind, vcpus, hosts, pages, slots, seed
 * @setup: how
 *
 * Skips the sub-test, saying why, where the kernel lacks what the kind of memory needs.
 *
 * Return: the stage.
 */
struct stage *stage_create(const struct plan_config *config, const struct stage_setup *setup);

/**
 * stage_run() - execute a plan, all actors at once, and judge the round
 * @s: a stage of the plan's shape
 * @plan: the plan
 *
 * Return: number of cells with an anomaly; see checker_anomaly(). Ends the sub-test if an
 * actor cannot go on; with setup.may_slip, @s->slipped says that this was the emulated CPU's
 * doing (docs/emulator.md), and that @s has to be destroyed.
 */
int stage_run(struct stage *s, const struct plan *plan);

/**
 * stage_fail() - end the sub-test as failed, after setup.failed has heard of it
 * @s: the stage
 * @cls: the class
 * @fmt: what was expected and what came
 * @...: its arguments
 */
void stage_fail(struct stage *s, enum verdict_class cls, const char *fmt, ...)
	__attribute__((noreturn, format(printf, 3, 4)));

/**
 * stage_fail_anomaly() - end the sub-test with the first anomaly of the last round
 * @s: the stage
 */
void stage_fail_anomaly(struct stage *s) __attribute__((noreturn));

/**
 * stage_counts_merge() - add up sums
 * @to: raised
 * @from: added
 */
void stage_counts_merge(struct stage_counts *to, const struct stage_counts *from);

/**
 * stage_destroy() - give everything back
 * @s: the stage, with no round under way
 */
void stage_destroy(struct stage *s);

/**
 * stage_step() - execute one operation of a host actor
 * @h: the actor, whose log hears of it
 * @op: the operation
 *
 * Return: true; false if this machine or VM cannot do it, and nothing happened.
 */
bool stage_step(struct stage_host *h, const struct plan_op *op);

/**
 * stage_fault() - decide what a vCPU does about a fault
 * @a: the vCPU
 * @exit: why it left the guest
 * @arg: the stage
 *
 * An agent_fault_fn.
 *
 * Return: to repeat the access, to give it up, or to end the sub-test.
 */
enum agent_action stage_fault(struct agent *a, const struct vcpu_exit *exit, void *arg);

/**
 * stage_gpa() - the guest physical address of a page
 * @page: the page
 *
 * Return: the address, bytes.
 */
static inline uint64_t stage_gpa(uint32_t page)
{
	return AGENT_TEST_GPA + page * page_size();
}

#endif /* STAGE_H */
