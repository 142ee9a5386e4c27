// SPDX-License-Identifier: GPL-2.0-only
/* A vCPU that takes part in races: turns given to it, faults on the way. */
#include "race.h"
#include "verdict.h"

/* Faults on one page in a row, after the other side is done, before an access is given up. */
#define FAULTS_GIVE_UP	4
/* ... and at all, lest a fault that keeps the other side from its end goes on for ever. */
#define FAULTS_MAX	4000

static bool executing(const struct race_guest *g)
{
	const struct plan_op *ops = vm_control_ptr(g->race->stage->vm, g->plan->ops);

	return ops[g->plan->next].kind == PLAN_EXECUTE;
}

/* Has the other side finished, or is there none? */
static bool alone(const struct race_guest *g)
{
	const struct fuzzy_side *me = &g->sync->gate->side[g->k];
	const struct fuzzy_side *other = &g->sync->gate->side[!g->k];

	return !me->meet || __atomic_load_n(&other->done, __ATOMIC_ACQUIRE) >= me->turn;
}

/* While something is taken away accesses fault; when it is gone there is no use in going on. */
static enum agent_action guest_fault(struct agent *a, const struct vcpu_exit *exit, void *arg)
{
	struct race_guest *g = arg;
	char text[200];

	if (exit->kind == VCPU_EXIT_ERROR ||
	    (exit->kind == VCPU_EXIT_INTERNAL_ERROR && !executing(g))) {
		vcpu_exit_describe(exit, text, sizeof(text));
		verdict_fail(VERDICT_ABI, "%s, vCPU %u racing %s and %s: %s",
			     ram_kind_name(g->race->kind), a->vcpu->id, g->race->side[0]->name,
			     g->race->side[1]->name, text);
	}
	a->streak++;
	fuzzy_yield();
	if (a->streak < FAULTS_GIVE_UP || (a->streak < FAULTS_MAX && !alone(g)))
		return AGENT_RETRY;
	a->streak = 0;
	return AGENT_ABORT;
}

void race_guest_init(struct race *r, unsigned int v, struct fuzzy_sync *sync, unsigned int k,
		     bool linger)
{
	struct race_guest *g = &r->guest[v];
	struct stage *s = r->stage;
	struct agent_race *params;

	*g = (struct race_guest){
		.race = r, .agent = s->agents[v], .plan = s->guests[v], .sync = sync, .k = k,
		.linger = linger, .params = vm_control_alloc(s->vm, sizeof(*params)),
	};
	params = vm_control_ptr(s->vm, g->params);
	*params = (struct agent_race){
		.gate = (uint8_t *)sync->gate - s->vm->control + AGENT_CONTROL_GPA,
		.plan = (uint8_t *)g->plan - s->vm->control + AGENT_CONTROL_GPA,
		.side = k, .linger = linger,
	};
	g->plan->log = (uint8_t *)s->logs[v] - s->vm->control + AGENT_CONTROL_GPA;
	g->agent->on_fault = guest_fault;
	g->agent->on_fault_arg = g;
}

void race_guest_enter(struct race_guest *g)
{
	struct agent_op op = { .opcode = AGENT_OP_RACE, .arg = g->params };

	g->agent->streak = 0;
	if (!g->inside)
		agent_post(g->agent, &op);
	g->inside = true;
}

static void check_status(struct race_guest *g)
{
	const struct agent_result *result = agent_wait(g->agent);
	char text[400];

	g->inside = false;
	if (result->status == AGENT_OK)
		return;
	agent_describe(g->agent, text, sizeof(text));
	verdict_fail(VERDICT_PERMISSION, "%s, vCPU %u racing %s and %s: %s",
		     ram_kind_name(g->race->kind), g->agent->vcpu->id, g->race->side[0]->name,
		     g->race->side[1]->name, text);
}

void race_guest_await(struct race_guest *g)
{
	if (!g->linger) {
		check_status(g);
		return;
	}
	fuzzy_await(g->sync, g->k);
	/* After an exception it has left, with the status of that. */
	if (g->agent->mb->result.status == AGENT_EXCEPTION)
		check_status(g);
}

void race_guest_alone(struct race_guest *g, enum race_guest_op op)
{
	fuzzy_alone(g->sync, g->k, AGENT_RACE_COMMAND(op, 1));
	race_guest_enter(g);
	race_guest_await(g);
}

void race_guest_set(struct race_guest *g, enum race_guest_op op, uint8_t kind)
{
	struct plan_op *ops = vm_control_ptr(g->race->stage->vm, g->plan->ops);

	ops[op] = (struct plan_op){
		.kind = kind, .page = g->race->page, .pages = 1, .slot = g->race->slot,
	};
}

void race_guest_stop(struct race_guest *g)
{
	if (!g->inside)
		return;
	fuzzy_close(g->sync);
	check_status(g);
}
