// SPDX-License-Identifier: GPL-2.0-only
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "harness/diagnose.h"
#include "harness/page.h"
#include "harness/verdict.h"
#include "machine/policy.h"
#include "scenario/watcher.h"

/* Faults in a row on memory that is there, after which a vCPU is taken to be locked out. */
#define FAULTS_MAX	20000

static struct cell *cells_init(struct cell *cells, uint32_t pages)
{
	uint32_t i;

	for (i = 0; i < pages; i++)
		cell_init(&cells[i], 0, 0, 0);
	return cells;
}

/*
 * A memory fault is legal while the page is absent or being operated on, and the
 * report may reach us late.  Only a fault that keeps coming on a page that is there
 * and left alone is an error.
 */
static enum agent_action watcher_fault(struct agent *a, const struct vcpu_exit *exit, void *arg)
{
	struct watchers *w = arg;
	uint32_t *refused = &w->refused[a->vcpu->id % WATCHERS_MAX];
	uint64_t page = (exit->gpa - w->ram->gpa) / page_size();
	const struct timeline *t;
	char text[200];
	uint64_t epoch;

	if (exit->kind == VCPU_EXIT_MEMORY_FAULT && page < w->pages) {
		t = &w->timelines[page];
		epoch = __atomic_load_n(&t->epoch, __ATOMIC_ACQUIRE);
		if ((epoch & 1) || timeline_state(t, epoch / 2) & TIMELINE_ABSENT)
			*refused = 0;
		if (++*refused < FAULTS_MAX) {
			sched_yield();
			return AGENT_RETRY;
		}
	}
	vcpu_exit_describe(exit, text, sizeof(text));
	verdict_fail(VERDICT_PERMISSION, "%s, VM type %s, vCPU %u, page %llu: no access to memory that is there: %s",
		     memory_kind_name(w->ram->kind), w->ram->vm->type->name, a->vcpu->id,
		     (unsigned long long)page, text);
}

static void watch_init(struct watchers *w, struct watch *watch, unsigned int index,
		       const struct watchers_config *config)
{
	*watch = (struct watch){
		.page_size = page_size(),
		.timeline_stride = sizeof(struct timeline),
		.pages = w->pages,
		.flags = config->flags,
		.vm = w->ram->vm->number,
		.word = index,
		.prng = { config->seed ^ ((uint64_t)index + 1) << 32 },
	};
}

static void start_agent(struct watchers *w, struct agent *a, const struct watchers_config *config)
{
	struct vm *vm = w->ram->vm;
	uint64_t gpa = vm_control_alloc(vm, sizeof(struct watch));
	uint64_t cells = vm_control_alloc(vm, w->pages * sizeof(struct cell));
	struct watch *watch = vm_control_ptr(vm, gpa);
	struct agent_op op = { .opcode = AGENT_OP_WATCH, .arg = gpa };

	watch_init(w, watch, w->agent_count, config);
	watch->base = AGENT_ALIAS_PRIVATE + w->ram->gpa;
	watch->timelines = vm_control_gpa(vm, w->timelines);
	watch->cells = cells;
	watch->actor = a->vcpu->id;
	cells_init(vm_control_ptr(vm, cells), w->pages);
	w->watches[w->agent_count] = watch;
	w->agents[w->agent_count++] = a;
	a->on_fault = watcher_fault;
	a->on_fault_arg = w;
	agent_post(a, &op);
}

static void start_host(struct watchers *w, const struct watchers_config *config)
{
	unsigned int index = w->agent_count + w->host_count;
	struct watch *watch = calloc(1, sizeof(*watch));
	struct cell *cells = calloc(w->pages, sizeof(*cells));

	verdict_require(watch && cells, "out of memory");
	watch_init(w, watch, index, config);
	watch->base = (uintptr_t)w->ram->hva;
	watch->timelines = (uintptr_t)w->timelines;
	watch->cells = (uintptr_t)cells_init(cells, w->pages);
	watch->actor = TOKEN_ACTOR_HOST + w->host_count;
	w->watches[index] = watch;
	w->hosts[w->host_count++] = host_actor_start(watch, -1);
}

void watchers_start(struct watchers *w, struct memory *ram, struct agent **agents,
		    unsigned int count, const struct watchers_config *config)
{
	struct vm *vm = ram->vm;
	unsigned int i;

	memset(w, 0, sizeof(*w));
	w->ram = ram;
	w->pages = ram->size / page_size();
	w->timelines = vm_control_ptr(vm, vm_control_alloc(vm, w->pages * sizeof(struct timeline)));
	for (i = 0; i < w->pages; i++)
		w->timelines[i].state[0] = config->state;
	for (i = 0; i < count; i++)
		start_agent(w, agents[i], config);
	for (i = 0; i < config->host_actors; i++)
		start_host(w, config);
}

void watchers_begin(struct watchers *w, uint32_t first, uint32_t pages, uint8_t state)
{
	uint32_t i;

	for (i = first; i < first + pages; i++)
		timeline_begin(&w->timelines[i], state);
	__atomic_fetch_add(&w->operations, 1, __ATOMIC_RELAXED);
}

void watchers_end(struct watchers *w, uint32_t first, uint32_t pages)
{
	uint32_t i;

	for (i = first; i < first + pages; i++)
		timeline_end(&w->timelines[i]);
}

/* The state that an operation leads to: which copy is seen then, and what became zero. */
static uint8_t state_after(struct watchers *w, enum operation_id id)
{
	struct event event = { 0 };

	if (!operation_event(id, w->ram->kind, &event))
		return w->copy;
	if (event.kind == EVENT_RESET)
		return w->copy | (event.flags & EVENT_COPY1 ? TIMELINE_RESET1 : TIMELINE_RESET0);
	if (w->ram->kind == MEMORY_SPLIT)
		w->copy = event.value;
	/* Converted in place a page stays what it is, and where; or nobody can tell what it is. */
	else if (policy_contents(w->ram->vm->type, true, !event.value) != POLICY_PRESERVED)
		verdict_skip("VM type %s does not keep contents across conversions in place",
			     w->ram->vm->type->name);
	return w->copy;
}

void watchers_operate(struct watchers *w, enum operation_id id, uint32_t first, uint32_t pages)
{
	int error;

	watchers_begin(w, first, pages, state_after(w, id));
	error = memory_do(w->ram, id, first, pages);
	watchers_end(w, first, pages);
	if (error)
		verdict_fail(VERDICT_ABI, "%s, %s of %u pages from page %u: %s, expected success",
			     memory_kind_name(w->ram->kind), operation_get(id)->name, pages, first,
			     strerror(-error));
}

static void watch_fail(struct watchers *w, const struct watch *watch)
{
	uint32_t page = watch->bad_page;
	unsigned int word = watch_word(watch, page);
	char who[32], found[120], expected[120];

	diagnose_actor(watch->actor, who, sizeof(who));
	diagnose_value(watch->found, found, sizeof(found));
	diagnose_value(watch->expected, expected, sizeof(expected));
	verdict_fail(diagnose_class(watch->found, watch->expected, watch->vm, page, word),
		     "%s, VM type %s: %s read page %u word %u: found %s, expected %s;\n"
		     "epoch %llu before and %llu after the read (even: all operations so far had returned), after %llu accesses, %llu of them during operations",
		     memory_kind_name(w->ram->kind), w->ram->vm->type->name, who, page, word, found,
		     expected, (unsigned long long)watch->bad_before,
		     (unsigned long long)watch->bad_after, (unsigned long long)watch->accesses,
		     (unsigned long long)watch->overlaps);
}

void watchers_check(struct watchers *w)
{
	unsigned int i;

	for (i = 0; i < w->agent_count + w->host_count; i++)
		if (__atomic_load_n(&w->watches[i]->bad, __ATOMIC_ACQUIRE))
			watch_fail(w, w->watches[i]);
}

/*
 * On a crowded machine a pass takes long; what counts is that this watcher goes on.
 * That others do proves nothing: one vCPU may be stuck while the rest of them runs.
 */
static void watch_progress(const struct watch *watch, uint64_t *seen)
{
	uint64_t accesses = __atomic_load_n(&watch->accesses, __ATOMIC_RELAXED);

	if (accesses != *seen)
		verdict_progress();
	*seen = accesses;
}

void watchers_pass(struct watchers *w)
{
	unsigned int i, count = w->agent_count + w->host_count;
	uint64_t start[WATCHERS_MAX], seen = 0;

	for (i = 0; i < count; i++)
		start[i] = __atomic_load_n(&w->watches[i]->passes, __ATOMIC_ACQUIRE);
	/* Two more: the pass under way may have begun before the operation. */
	for (i = 0; i < count; i++)
		while (__atomic_load_n(&w->watches[i]->passes, __ATOMIC_ACQUIRE) < start[i] + 2) {
			watchers_check(w);
			watch_progress(w->watches[i], &seen);
			sched_yield();
		}
}

uint64_t watchers_overlaps(const struct watchers *w)
{
	unsigned int i, count = w->agent_count + w->host_count;
	uint64_t n = 0;

	for (i = 0; i < count; i++)
		n += __atomic_load_n(&w->watches[i]->overlaps, __ATOMIC_RELAXED);
	return n;
}

void watchers_stop(struct watchers *w)
{
	unsigned int i;

	for (i = 0; i < w->agent_count; i++)
		agent_stop(w->agents[i]);
	for (i = 0; i < w->agent_count; i++) {
		const struct agent_result *r = agent_wait(w->agents[i]);
		char text[400];

		watchers_check(w);
		if (r->status != AGENT_OK) {
			agent_describe(w->agents[i], text, sizeof(text));
			verdict_fail(VERDICT_PERMISSION, "vCPU %u stopped: %s", i, text);
		}
	}
	for (i = 0; i < w->host_count; i++) {
		int signal = host_actor_join(w->hosts[i]);

		watchers_check(w);
		if (signal)
			verdict_fail(VERDICT_PERMISSION, "host thread %u got signal %d on its mapping",
				     i,
				     signal);
	}
	verdict_exercised(w->operations, watchers_overlaps(w));
}
