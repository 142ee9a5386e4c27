/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A vCPU that executes operations: a thread that sleeps until one is posted, runs
 * the vCPU until the agent rings its doorbell, and deals with the exits in between.
 */
#ifndef AGENT_H
#define AGENT_H

#include <pthread.h>
#include "abi/agent_abi.h"
#include "harness/verdict.h"
#include "machine/vcpu.h"

struct agent;

enum agent_action {
	AGENT_RETRY,	/* enter the guest again: the access is repeated */
	AGENT_ABORT,	/* give the operation up; its status becomes AGENT_ABORTED */
	AGENT_LOST,	/* end the sub-test: this exit must not happen */
};

/*
 * What to do about a memory fault, an internal error of KVM, or KVM_RUN failing; called in
 * the vCPU's thread.
 */
typedef enum agent_action (*agent_fault_fn)(struct agent *a, const struct vcpu_exit *exit,
					    void *arg);

/*
 * The guest asks for [gpa, gpa + size) to become private or shared; called in the vCPU's thread
 * with vm->lock held.  Return: 0 or -errno, which the guest gets.
 */
typedef int (*agent_convert_fn)(struct agent *a, uint64_t gpa, uint64_t size, bool to_private,
				void *arg);

struct agent {
	struct vcpu *vcpu;
	struct agent_mailbox *mb;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	enum { AGENT_THREAD_BUSY, AGENT_THREAD_IDLE, AGENT_THREAD_QUIT } state;
	int cpu;			/* pin the thread to nodes_pin(cpu); -1: do not */

	agent_fault_fn on_fault;	/* NULL: abort */
	void *on_fault_arg;		/* of on_convert, too */
	bool keep_alias;		/* an access through the wrong alias is a fault like any */
	agent_convert_fn on_convert;	/* NULL: by the VM's attributes */

	/* Since the operation was posted. */
	uint64_t faults;		/* memory faults */
	uint64_t mmio;			/* accesses to a hole */
	uint64_t converts;		/* conversions that the guest asked for */
	uint64_t ring_full;		/* exits with a full dirty ring */
	struct vcpu_exit fault;		/* the last memory fault or MMIO */

	/* agent_hold(): the vCPU is to stay out of the guest; it does. */
	struct {
		bool wanted, out;
	} hold;

	/*
	 * An exit that is the emulated CPU's fault ends the operation instead of the sub-test, if
	 * it may; the vCPU is of no more use then, and its user destroys it.
	 */
	struct {
		bool allowed, happened;
	} slip;
	uint64_t vectorings;		/* since it was created: exits as in docs/findings.md, 8 */

	/* Of on_fault, to tell a fault that keeps coming; the agent does not look at it. */
	struct {
		uint64_t gpa, count;
		uint32_t next, given_up;	/* operations in a row that were given up */
	} streak;
};

/**
 * agent_create() - create a vCPU and start its thread
 * @vm: the VM
 * @id: vCPU id
 * @cpu: CPU to pin the thread to, see nodes_pin(), or -1
 *
 * Returns when the agent has booted.
 *
 * Return: the agent.
 */
struct agent *agent_create(struct vm *vm, unsigned int id, int cpu);

/**
 * agent_post() - post an operation and return at once
 * @a: an idle agent
 * @op: the operation
 *
 * agent_wait() for it before the next.
 */
void agent_post(struct agent *a, const struct agent_op *op);

/**
 * agent_wait() - wait until the posted operation is done
 * @a: the agent
 *
 * Return: its result, valid until the next post.
 */
const struct agent_result *agent_wait(struct agent *a);

/**
 * agent_run() - post an operation and wait for it
 * @a: an idle agent
 * @op: the operation
 *
 * Return: its result, valid until the next post.
 */
const struct agent_result *agent_run(struct agent *a, const struct agent_op *op);

/**
 * agent_hold() - keep the vCPU out of the guest
 * @a: the agent, whatever it is doing
 *
 * Returns when it has left KVM_RUN, or has nothing to do; until agent_let_go() it does not enter
 * again. SIGUSR1 must have a handler, and the caller no lock that the vCPU's exits need.
 */
void agent_hold(struct agent *a);

/**
 * agent_let_go() - let a vCPU that is held enter the guest again
 * @a: the agent
 */
void agent_let_go(struct agent *a);

/**
 * agent_stop() - end a running AGENT_OP_WATCH or AGENT_OP_SPIN soon
 * @a: the agent
 */
void agent_stop(struct agent *a);

/**
 * agent_destroy() - end the thread and close the vCPU
 * @a: an idle agent
 */
void agent_destroy(struct agent *a);

/**
 * agent_describe() - say what went wrong
 * @a: the agent, whose last result counts
 * @text: where to
 * @size: bytes at @text
 */
void agent_describe(const struct agent *a, char *text, size_t size);

/**
 * agent_access_refused() - run an access that must not reach memory
 * @a: the agent
 * @op: AGENT_OP_READ, or another one with a single access
 *
 * KVM's emulator takes an address of the host's that it may not use for a hole
 * (emulator_read_write_onepage() in arch/x86/kvm/x86.c), where KVM_RUN else fails.
 *
 * Return: whether it was refused.
 */
bool agent_access_refused(struct agent *a, const struct agent_op *op);

/**
 * agent_expect_ok() - run an operation that has to succeed
 * @a: the agent
 * @op: the operation
 * @cls: class of the failure if contents differ (AGENT_MISMATCH) and nothing more
 *       precise follows from the values
 * @what: what was being checked
 *
 * Return: the result's value.
 */
uint64_t agent_expect_ok(struct agent *a, const struct agent_op *op, enum verdict_class cls,
			 const char *what);

/**
 * agent_read() - read a word, which has to succeed
 * @a: the agent
 * @gpa: of the word
 *
 * Return: the word.
 */
uint64_t agent_read(struct agent *a, uint64_t gpa);

/**
 * agent_write() - write a word, which has to succeed
 * @a: the agent
 * @gpa: of the word
 * @value: what to write
 */
void agent_write(struct agent *a, uint64_t gpa, uint64_t value);

/**
 * agent_pre_fault() - have KVM map memory that is there
 * @a: an idle agent
 * @gpa: start, bytes
 * @size: bytes
 *
 * Skips the sub-test where the vCPU's memory is L1's to map (mmu.c, kvm_tdp_map_page()).
 */
void agent_pre_fault(struct agent *a, uint64_t gpa, uint64_t size);

/**
 * agent_fill() - give every word of a range the token of its place
 * @a: the agent
 * @region: gpa from which tokens count pages
 * @gpa: start, bytes
 * @size: bytes
 * @token: of the region's first word
 */
void agent_fill(struct agent *a, uint64_t region, uint64_t gpa, uint64_t size, uint64_t token);

/**
 * agent_verify() - fail unless every word of a range has the token of its place
 * @a: the agent
 * @region: gpa from which tokens count pages
 * @gpa: start, bytes
 * @size: bytes
 * @token: of the region's first word
 * @what: was being checked
 */
void agent_verify(struct agent *a, uint64_t region, uint64_t gpa, uint64_t size, uint64_t token,
		  const char *what);

/**
 * agent_check_zero() - fail as NOT_SCRUBBED, or more precisely, unless a range is zero
 * @a: the agent
 * @gpa: start, bytes
 * @size: bytes
 * @what: was being checked
 */
void agent_check_zero(struct agent *a, uint64_t gpa, uint64_t size, const char *what);

#endif /* AGENT_H */
