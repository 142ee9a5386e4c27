// SPDX-License-Identifier: GPL-2.0-only
/* A vCPU that takes part in races: turns given to it, faults on the way. */
#include <errno.h>
#include <sched.h>
#include "harness/verdict.h"
#include "race/race.h"

/* Faults on one page in a row, after the other side is done, before an access is given up. */
#define FAULTS_GIVE_UP	4
/* ... and at all, lest a fault that keeps the other side from its end goes on for ever. */
#define FAULTS_MAX	4000

static bool executing(const struct race_guest *g)
{
	const struct plan_op *ops = vm_control_ptr(g->race->stage->vm, g->plan->ops);

	return ops[g->plan->next].kind == PLAN_EXECUTE;
}

/* Does a side take the host's mapping away, or bring a memslot that is only on a sealed one? */
static bool takes_mapping(const struct race *r, unsigned int k)
{
	const uint8_t both = OPERATION_TAKES | OPERATION_MAPPING;

	return (r->side[k]->flags & both) == both ||
	       (r->side[k]->op == OP_SLOT_TOGGLE && operation_host_copy(r->kind) &&
		memory_kind_mapped(r->kind));
}

/*
 * kvm_handle_error_pfn(): what the host's mapping does not allow fails KVM_RUN with EFAULT,
 * without a reason to exit.
 */
static bool unmapped(const struct race_guest *g, const struct vcpu_exit *exit)
{
	return exit->error == -EFAULT && (takes_mapping(g->race, 0) || takes_mapping(g->race, 1));
}

/* Has the other side finished, or is there none? */
static bool alone(const struct race_guest *g)
{
	const struct fuzzy_side *me = &g->sync->gate->side[g->k];
	const struct fuzzy_side *other = &g->sync->gate->side[!g->k];

	return other->turn != me->turn ||
	       __atomic_load_n(&other->done, __ATOMIC_ACQUIRE) >= me->turn;
}

/* While something is taken away accesses fault; when it is gone there is no use in going on. */
static enum agent_action guest_fault(struct agent *a, const struct vcpu_exit *exit, void *arg)
{
	struct race_guest *g = arg;
	char text[200];

	if ((exit->kind == VCPU_EXIT_ERROR && !unmapped(g, exit)) ||
	    (exit->kind == VCPU_EXIT_INTERNAL_ERROR && !executing(g))) {
		vcpu_exit_describe(exit, text, sizeof(text));
		verdict_fail(VERDICT_ABI, "%s, vCPU %u racing %s and %s: %s",
			     memory_kind_name(g->race->kind), a->vcpu->id, g->race->side[0]->name,
			     g->race->side[1]->name, text);
	}
	a->streak.count++;
	sched_yield();
	verdict_progress();
	if (a->streak.count < FAULTS_GIVE_UP || (a->streak.count < FAULTS_MAX && !alone(g)))
		return AGENT_RETRY;
	a->streak.count = 0;
	return AGENT_ABORT;
}

void race_guest_init(struct race *r, unsigned int v, struct fuzzy_sync *sync, unsigned int k,
		     bool linger)
{
	struct race_guest *g = &r->guest[v];
	struct stage *s = r->stage;

	*g = (struct race_guest){
		.race = r, .agent = s->agents[v], .plan = s->guests[v], .sync = sync, .k = k,
		.may_linger = linger, .linger = linger,
		.params = vm_control_alloc(s->vm, sizeof(*g->shared)),
	};
	g->shared = vm_control_ptr(s->vm, g->params);
	*g->shared = (struct agent_race){
		.gate = vm_control_gpa(s->vm, sync->gate),
		.plan = vm_control_gpa(s->vm, g->plan),
		.side = k, .linger = linger,
	};
	g->plan->log = vm_control_gpa(s->vm, s->logs[v]);
	g->agent->on_fault = guest_fault;
	g->agent->on_fault_arg = g;
}

static void check_status(struct race_guest *g)
{
	const struct agent_result *result = agent_wait(g->agent);
	char text[400];

	if (result->status == AGENT_OK)
		return;
	agent_describe(g->agent, text, sizeof(text));
	verdict_fail(VERDICT_PERMISSION, "%s, vCPU %u racing %s and %s: %s",
		     memory_kind_name(g->race->kind), g->agent->vcpu->id, g->race->side[0]->name,
		     g->race->side[1]->name, text);
}

bool race_guest_call(struct race_guest *g)
{
	struct agent_op op = { .opcode = AGENT_OP_RACE, .arg = g->params };
	uint32_t was = __atomic_exchange_n(&g->shared->presence, AGENT_CALLED, __ATOMIC_ACQ_REL);

	g->agent->streak.count = 0;
	if (was != AGENT_AWAY)
		return true;
	if (g->started)
		check_status(g);
	g->started = true;
	agent_post(g->agent, &op);
	return false;
}

void race_guest_linger(struct race_guest *g, bool linger)
{
	uint32_t presence;

	if (!g->may_linger || linger == g->linger)
		return;
	/* A vCPU that waits in the guest for its next turn is not woken: let it out first. */
	presence = __atomic_load_n(&g->shared->presence, __ATOMIC_ACQUIRE);
	g->shared->linger = linger;
	g->linger = linger;
	if (!linger && presence != AGENT_AWAY)
		race_guest_alone(g, RACE_OP_LOOK, 0);
}

void race_guest_await(struct race_guest *g)
{
	/* A vCPU that does not linger is on its way out: sleep until it is. */
	if (g->linger)
		fuzzy_await(g->sync, g->k);
	if (__atomic_load_n(&g->shared->presence, __ATOMIC_ACQUIRE) == AGENT_AWAY || !g->linger)
		check_status(g);
}

void race_guest_alone(struct race_guest *g, enum race_guest_op op, uint32_t count)
{
	race_guest_call(g);
	fuzzy_alone(g->sync, g->k, AGENT_RACE_COMMAND(op, count));
	race_guest_await(g);
}

void race_guest_set(struct race_guest *g, enum race_guest_op op, uint8_t kind, uint32_t page)
{
	struct plan_op *ops = vm_control_ptr(g->race->stage->vm, g->plan->ops);

	ops[op] = (struct plan_op){
		.kind = kind, .page = page, .pages = 1, .word = g->race->word,
	};
}

void race_guest_stop(struct race_guest *g)
{
	if (!g->started)
		return;
	fuzzy_close(g->sync);
	check_status(g);
}
