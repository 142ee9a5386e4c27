// SPDX-License-Identifier: GPL-2.0-only
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "harness/diagnose.h"
#include "harness/nodes.h"
#include "harness/verdict.h"
#include "machine/agent_parts.h"
#include "machine/alias.h"
#include "machine/attributes.h"
#include "machine/machine_arch.h"

static void __attribute__((noreturn)) agent_disturbed(const struct agent *a,
						      const struct vcpu_exit *exit)
{
	char what[400];

	vcpu_exit_describe(exit, what, sizeof(what));
	verdict_disturbed("VM type %s, vCPU %u: %s; under emulation, see docs/emulator.md",
			  a->vcpu->vm->type->name, a->vcpu->id, what);
}

static void __attribute__((noreturn)) agent_lost(struct agent *a, const struct vcpu_exit *exit)
{
	char what[400], registers[300];

	if (arch_exit_is_slip(a->vcpu, exit))
		agent_disturbed(a, exit);
	vcpu_exit_describe(exit, what, sizeof(what));
	arch_vcpu_describe(a->vcpu, registers, sizeof(registers));
	verdict_fail(VERDICT_ABI, "VM type %s, vCPU %u, operation %u at gpa %#llx: %s\n%s",
		     a->vcpu->vm->type->name, a->vcpu->id, a->mb->op.opcode,
		     (unsigned long long)a->mb->op.gpa, what, registers);
}

static void agent_raise(struct agent *a)
{
	int r = arch_vcpu_abort(a->vcpu);

	if (r)
		verdict_fail(VERDICT_SETUP, "cannot raise an exception in vCPU %u: %s",
			     a->vcpu->id, strerror(-r));
}

/* An access that took the alias of the other kind of memory is repeated through the right one. */
static bool agent_other_alias(struct agent *a, const struct vcpu_exit *exit)
{
	if (exit->kind != VCPU_EXIT_MEMORY_FAULT || a->keep_alias ||
	    !alias_other(a->vcpu->vm, exit->gpa, exit->private))
		return false;
	a->mb->other_alias = 1;
	agent_raise(a);
	return true;
}

static void agent_fault(struct agent *a, const struct vcpu_exit *exit)
{
	enum agent_action action = AGENT_ABORT;

	if (agent_other_alias(a, exit))
		return;
	if (exit->kind == VCPU_EXIT_MEMORY_FAULT) {
		a->fault = *exit;
		__atomic_fetch_add(&a->faults, 1, __ATOMIC_RELAXED);
	}
	if (a->on_fault)
		action = a->on_fault(a, exit, a->on_fault_arg);
	else if (exit->kind != VCPU_EXIT_MEMORY_FAULT)
		agent_lost(a, exit);
	if (action == AGENT_RETRY) {
		agent_other_alias(a, exit);
		return;
	}
	if (action == AGENT_LOST)
		agent_lost(a, exit);
	a->mb->abort = 1;
	agent_raise(a);
}

/* Where the CPU did not say what the access was, the agent knows, or gives it up. */
static void agent_hole(struct agent *a, const struct vcpu_exit *exit)
{
	a->fault = *exit;
	__atomic_fetch_add(&a->mmio, 1, __ATOMIC_RELAXED);
	a->mb->mmio++;
	if (!exit->size)
		agent_raise(a);
	else if (!exit->write)
		vcpu_mmio_answer(a->vcpu, WATCH_ABSENT);
}

static void agent_convert(struct agent *a, const struct vcpu_exit *exit)
{
	struct vm *vm = a->vcpu->vm;
	int r;

	pthread_mutex_lock(&vm->lock);
	if (a->on_convert)
		r = a->on_convert(a, exit->gpa, exit->size, exit->private, a->on_fault_arg);
	else
		r = __attributes_set(vm, exit->gpa, exit->size,
				     exit->private ? KVM_MEMORY_ATTRIBUTE_PRIVATE : 0);
	pthread_mutex_unlock(&vm->lock);
	a->converts++;
	arch_convert_answer(a->vcpu, -r);
}

/* Exits with which things do not simply go on. */
static bool ends_operation(const struct vcpu_exit *exit)
{
	return exit->kind != VCPU_EXIT_DOORBELL && exit->kind != VCPU_EXIT_CONVERT &&
	       exit->kind != VCPU_EXIT_MMIO && exit->kind != VCPU_EXIT_INTERRUPTED &&
	       exit->kind != VCPU_EXIT_RING_FULL;
}

/* Run the vCPU until the agent is idle. */
static void agent_enter(struct agent *a)
{
	for (;;) {
		struct vcpu_exit exit;

		agent_stay_out(a);
		exit = vcpu_run(a->vcpu);
		if (a->slip.allowed && ends_operation(&exit) && arch_exit_is_slip(a->vcpu, &exit)) {
			a->slip.happened = true;
			return;
		}
		switch (exit.kind) {
		case VCPU_EXIT_DOORBELL:
			if (__atomic_load_n(&a->mb->state, __ATOMIC_ACQUIRE) == AGENT_IDLE)
				return;
			agent_lost(a, &exit);
		case VCPU_EXIT_CONVERT:
			agent_convert(a, &exit);
			break;
		case VCPU_EXIT_MMIO:
			agent_hole(a, &exit);
			break;
		case VCPU_EXIT_INTERNAL_ERROR:
			if (arch_exit_is_false(&exit)) {
				a->vectorings++;
				break;
			}
			if (!a->on_fault || arch_exit_is_slip(a->vcpu, &exit))
				agent_lost(a, &exit);
			/* fall through */
		case VCPU_EXIT_MEMORY_FAULT:
		case VCPU_EXIT_ERROR:
			agent_fault(a, &exit);
			break;
		case VCPU_EXIT_RING_FULL:
			/* Until somebody takes entries back. */
			__atomic_fetch_add(&a->ring_full, 1, __ATOMIC_RELAXED);
			sched_yield();
			break;
		case VCPU_EXIT_INTERRUPTED:
			break;
		default:
			agent_lost(a, &exit);
		}
	}
}

static void *agent_thread(void *arg)
{
	struct agent *a = arg;

	if (a->cpu >= 0)
		nodes_pin(a->cpu);
	pthread_mutex_lock(&a->lock);
	while (a->state != AGENT_THREAD_QUIT) {
		pthread_mutex_unlock(&a->lock);
		agent_enter(a);
		verdict_progress();
		pthread_mutex_lock(&a->lock);
		a->state = AGENT_THREAD_IDLE;
		pthread_cond_broadcast(&a->changed);
		while (a->state == AGENT_THREAD_IDLE)
			pthread_cond_wait(&a->changed, &a->lock);
	}
	pthread_mutex_unlock(&a->lock);
	return NULL;
}

struct agent *agent_create(struct vm *vm, unsigned int id, int cpu)
{
	struct agent *a = calloc(1, sizeof(*a));

	verdict_require(a, "out of memory");
	a->vcpu = vcpu_create(vm, id);
	a->mb = vm_control_ptr(vm, a->vcpu->mailbox);
	a->cpu = cpu;
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->changed, NULL);
	if (pthread_create(&a->thread, NULL, agent_thread, a))
		verdict_fail(VERDICT_SETUP, "cannot start a thread for vCPU %u", id);
	agent_wait(a);
	return a;
}

void agent_post(struct agent *a, const struct agent_op *op)
{
	pthread_mutex_lock(&a->lock);
	a->mb->op = *op;
	a->mb->stop = 0;
	a->mb->abort = 0;
	a->faults = a->mmio = a->converts = a->ring_full = 0;
	__atomic_store_n(&a->mb->state, AGENT_POSTED, __ATOMIC_RELEASE);
	a->state = AGENT_THREAD_BUSY;
	pthread_cond_broadcast(&a->changed);
	pthread_mutex_unlock(&a->lock);
}

const struct agent_result *agent_wait(struct agent *a)
{
	pthread_mutex_lock(&a->lock);
	while (a->state == AGENT_THREAD_BUSY)
		pthread_cond_wait(&a->changed, &a->lock);
	pthread_mutex_unlock(&a->lock);
	return &a->mb->result;
}

const struct agent_result *agent_run(struct agent *a, const struct agent_op *op)
{
	agent_post(a, op);
	return agent_wait(a);
}

void agent_stop(struct agent *a)
{
	__atomic_store_n(&a->mb->stop, 1, __ATOMIC_RELEASE);
}

void agent_destroy(struct agent *a)
{
	pthread_mutex_lock(&a->lock);
	a->state = AGENT_THREAD_QUIT;
	pthread_cond_broadcast(&a->changed);
	pthread_mutex_unlock(&a->lock);
	pthread_join(a->thread, NULL);
	vcpu_destroy(a->vcpu);
	free(a);
}

void agent_describe(const struct agent *a, char *text, size_t size)
{
	const struct agent_result *r = &a->mb->result;
	char f[120], e[120];

	switch (r->status) {
	case AGENT_MISMATCH:
		diagnose_value(r->value, f, sizeof(f));
		diagnose_value(r->expected, e, sizeof(e));
		snprintf(text, size, "gpa %#llx: expected %s, found %s",
			 (unsigned long long)r->gpa, e, f);
		break;
	case AGENT_EXCEPTION:
		arch_exception_describe(r, e, sizeof(e));
		snprintf(text, size, "guest exception in operation %u: %s", a->mb->op.opcode, e);
		break;
	case AGENT_ABORTED:
		snprintf(text, size, "aborted, ");
		vcpu_exit_describe(&a->fault, text + strlen(text), size - strlen(text));
		break;
	case AGENT_REFUSED:
		snprintf(text, size, "conversion refused: error %lld", (long long)r->value);
		break;
	default:
		snprintf(text, size, "status %u", r->status);
	}
}
