// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "harness/nodes.h"
#include "harness/page.h"
#include "memory/memory_operation.h"
#include "stage/parts.h"

/* Faults of one vCPU on one page in a row: when to help, when to give the operation up. */
#define FAULTS_HELP	64
#define FAULTS_GIVE_UP	4000
/* So many operations in a row that are given up: nobody takes memory away for so long. */
#define GIVEN_UP_MAX	16

void stage_fail(struct stage *s, enum verdict_class cls, const char *fmt, ...)
{
	char text[1900];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (s->setup.failed)
		s->setup.failed(s, cls, text, s->setup.failed_arg);
	verdict_fail(cls, "%s", text);
}

void stage_fail_anomaly(struct stage *s)
{
	const struct anomaly *a = checker_anomaly(s->checker, 0);
	const struct plan_config *c = &s->plan->config;
	char text[ANOMALY_TEXT];

	anomaly_describe(a, text, sizeof(text));
	stage_fail(s, a->cls, "%s, VM type %s, seed %#llx, round %u: %d words wrong, the first:\n%s",
		   memory_kind_name(s->config.kind), s->vm->type->name, (unsigned long long)c->seed,
		   c->round, s->anomalies, text);
}

/*
 * KVM cannot emulate instructions that lie in a hole, until it is filled.  Nor an exchange
 * that met a hole if the memslot is back by then and the host's mapping is not
 * (emulator_cmpxchg_emulated()); what it had in mind for the guest then, #UD, is replaced.
 */
static enum agent_action emulation_failed(struct stage *s, const struct agent_plan *guest)
{
	const struct plan_op *ops = vm_control_ptr(s->vm, guest->ops);

	switch (ops[guest->next].kind) {
	case PLAN_EXECUTE:
		return AGENT_RETRY;
	case PLAN_EXCHANGE:
		return AGENT_ABORT;
	default:
		return AGENT_LOST;
	}
}

static void given_up(struct stage *s, struct agent *a, const struct vcpu_exit *exit)
{
	const uint32_t next = __atomic_load_n(&s->guests[a->vcpu->id]->next, __ATOMIC_RELAXED);
	char text[200];

	a->streak.given_up = next - a->streak.next <= 1 ? a->streak.given_up + 1 : 1;
	a->streak.next = next;
	if (a->streak.given_up < GIVEN_UP_MAX)
		return;
	vcpu_exit_describe(exit, text, sizeof(text));
	stage_fail(s, VERDICT_PERMISSION,
		   "vCPU %u: each of %u operations in a row was turned away %u times, the last by %s",
		   a->vcpu->id, GIVEN_UP_MAX, FAULTS_GIVE_UP, text);
}

/*
 * While a slot or a file is being replaced accesses fault, and are repeated.  On a kernel
 * with docs/findings.md, 3, some would be for ever; a pre-fault puts the mapping right.
 */
enum agent_action stage_fault(struct agent *a, const struct vcpu_exit *exit, void *arg)
{
	struct kvm_pre_fault_memory range = {
		.gpa = exit->gpa & -page_size(), .size = page_size(),
	};
	struct stage *s = arg;

	enum agent_action action = AGENT_RETRY;

	if (exit->kind == VCPU_EXIT_INTERNAL_ERROR)
		action = emulation_failed(s, s->guests[a->vcpu->id]);
	if (action != AGENT_RETRY)
		return action;
	if (exit->gpa != a->streak.gpa)
		a->streak.count = 0;
	a->streak.gpa = exit->gpa;
	a->streak.count++;
	if (a->streak.count % FAULTS_HELP == 0 && exit->kind == VCPU_EXIT_MEMORY_FAULT &&
	    memory_kind_converts(s->config.kind) && !pthread_mutex_trylock(&s->slot_lock)) {
		if (!__vcpu_ioctl(s->memory->spare, KVM_PRE_FAULT_MEMORY, &range))
			__atomic_fetch_add(&s->counts.unstuck, 1, __ATOMIC_RELAXED);
		pthread_mutex_unlock(&s->slot_lock);
	}
	verdict_progress();
	sched_yield();
	if (a->streak.count < FAULTS_GIVE_UP)
		return AGENT_RETRY;
	a->streak.count = 0;
	given_up(s, a, exit);
	return AGENT_ABORT;
}

int stage_guest_convert(struct agent *a, uint64_t gpa, uint64_t size, bool to_private, void *arg)
{
	struct stage *s = arg;

	const uint32_t page = (gpa - stage_gpa(0)) / page_size();
	int r = memory_convert(s->memory, page, size / page_size(), to_private);

	if (r == -EAGAIN)
		verdict_fail(VERDICT_ABI, "vCPU %u: %llu pages from page %u stay in use and cannot be made private",
			     a->vcpu->id, (unsigned long long)(size / page_size()), page);
	return r;
}

static void *host_thread(void *arg)
{
	struct stage_host *h = arg;
	uint64_t *tickets = &vm_control(h->stage->vm)->ticket;
	uint32_t i;

	if (h->node >= 0)
		nodes_run_on(h->node);
	for (i = 0; i < h->list->count; i++) {
		volatile uint32_t delay = h->list->ops[i].delay;

		while (delay)
			delay--;
		h->spans[i].begin = history_ticket(tickets);
		h->spans[i].end = 0;
		if (stage_step(h, &h->list->ops[i]))
			h->spans[i].end = history_ticket(tickets);
		verdict_progress();
	}
	return NULL;
}

static void start_guest(struct stage *s, uint32_t i, const struct plan_actor *list)
{
	struct agent_plan *guest = s->guests[i];
	uint64_t gpa = vm_control_gpa(s->vm, guest);
	struct agent_op op = { .opcode = AGENT_OP_PLAN, .arg = gpa };

	memcpy(vm_control_ptr(s->vm, guest->ops), list->ops, list->count * sizeof(*list->ops));
	guest->count = list->count;
	guest->holes = guest->gave_up = 0;
	agent_post(s->agents[i], &op);
}

static void start(struct stage *s)
{
	uint32_t i;

	for (i = 0; i < plan_actors(s->plan); i++) {
		history_log_clear(s->logs[i]);
		memset(s->spans[i], 0, s->plan->actors[i].count * sizeof(*s->spans[i]));
	}
	for (i = 0; i < s->config.vcpus; i++)
		start_guest(s, i, &s->plan->actors[i]);
	for (i = 0; i < s->config.hosts; i++) {
		s->hosts[i].list = &s->plan->actors[s->config.vcpus + i];
		s->hosts[i].signals = 0;
		if (pthread_create(&s->hosts[i].thread, NULL, host_thread, &s->hosts[i]))
			verdict_fail(VERDICT_SETUP, "cannot start host thread %u", i);
	}
}

static void finish_guest(struct stage *s, uint32_t i)
{
	const struct agent_result *r = agent_wait(s->agents[i]);
	char text[400];

	s->slipped |= s->agents[i]->slip.happened;
	if (s->agents[i]->slip.happened)
		return;
	s->counts.faults += s->agents[i]->faults;
	s->counts.converts += s->agents[i]->converts;
	s->counts.holes += s->guests[i]->holes;
	s->counts.gave_up += s->guests[i]->gave_up;
	if (r->status == AGENT_OK)
		return;
	agent_describe(s->agents[i], text, sizeof(text));
	stage_fail(s, VERDICT_PERMISSION, "vCPU %u, operation %u of its list: %s", i,
		   s->guests[i]->next, text);
}

static void finish(struct stage *s)
{
	uint32_t i;

	for (i = 0; i < s->config.hosts; i++) {
		pthread_join(s->hosts[i].thread, NULL);
		s->counts.signals += s->hosts[i].signals;
	}
	for (i = 0; i < s->config.vcpus; i++)
		finish_guest(s, i);
}

static int judge(struct stage *s)
{
	uint32_t i, actors = s->config.vcpus + s->config.hosts;
	int anomalies;

	for (i = 0; i < actors; i++)
		if (!checker_add_log(s->checker, s->logs[i]))
			verdict_fail(VERDICT_SETUP, "history cannot be judged: %s",
				     checker_error(s->checker));
	anomalies = checker_run(s->checker);
	if (anomalies < 0)
		verdict_fail(VERDICT_SETUP, "history cannot be judged: %s",
			     checker_error(s->checker));
	return anomalies;
}

int stage_run(struct stage *s, const struct plan *plan)
{
	s->plan = plan;
	start(s);
	finish(s);
	s->anomalies = 0;
	if (s->slipped)
		return 0;
	s->counts.rounds++;
	overlap_add(&s->counts.overlap, plan, s->spans);
	s->anomalies = s->checker ? judge(s) : 0;
	return s->anomalies;
}

void stage_counts_merge(struct stage_counts *to, const struct stage_counts *from)
{
	overlap_merge(&to->overlap, &from->overlap);
	to->rounds += from->rounds;
	to->faults += from->faults;
	to->holes += from->holes;
	to->converts += from->converts;
	to->signals += from->signals;
	to->gave_up += from->gave_up;
	to->unstuck += from->unstuck;
}
