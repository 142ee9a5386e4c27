// SPDX-License-Identifier: GPL-2.0-only
/* Memory, vCPUs and host actors of a stage: made and given back. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "harness/nodes.h"
#include "harness/page.h"
#include "harness/verdict.h"
#include "machine/policy.h"
#include "memory/memory_operation.h"
#include "stage/parts.h"

static void create_memory(struct stage *s)
{
	const struct memory_config config = {
		.kind = s->config.kind, .gpa = stage_gpa(0), .pages = s->config.pages,
		.layout = s->layout, .count = s->config.slots, .dirty_log = true,
	};
	enum operation_id id;
	uint32_t i;

	plan_layout(&s->config, s->layout);
	s->memory = memory_create_slots(s->vm, &config);
	for (id = 0; id < OPERATIONS; id++)
		s->lacking |= (uint64_t)!!memory_lacks(s->memory, id) << id;
	/* Memslots lie on other nodes than the threads: part of the accesses cross. */
	for (i = 0; i < s->config.slots && s->setup.place >= 0; i++)
		nodes_bind_memory(s->memory->slots[i].hva, s->memory->slots[i].size,
				  s->setup.place + i);
}

/* Memory for the logs of an actor; without a checker nothing is kept. */
static uint32_t log_capacity(const struct stage_setup *setup)
{
	return setup->check ? 2 * setup->ops : 0;
}

static void create_vcpu(struct stage *s, uint32_t i, const struct stage_setup *setup)
{
	const uint32_t capacity = log_capacity(setup);
	struct vm *vm = s->vm;
	uint64_t list = vm_control_alloc(vm, setup->ops * sizeof(struct plan_op));
	uint64_t spans = vm_control_alloc(vm, setup->ops * sizeof(struct plan_span));
	uint64_t log = vm_control_alloc(vm, history_log_size(capacity));
	struct agent_plan *guest = vm_control_ptr(vm, vm_control_alloc(vm, sizeof(*guest)));

	s->agents[i] = agent_create(vm, i, -1);
	s->agents[i]->on_fault = stage_fault;
	s->agents[i]->on_fault_arg = s;
	if (s->config.kind == MEMORY_INPLACE)
		s->agents[i]->on_convert = stage_guest_convert;
	s->agents[i]->slip.allowed = s->setup.may_slip;
	*guest = (struct agent_plan){
		.ops = list,
		.spans = spans,
		.log = log,
		.base = AGENT_ALIAS_PRIVATE + stage_gpa(0),
		.gpa = stage_gpa(0),
		.page_size = page_size(),
		.vm = vm->number,
		.actor = i,
	};
	s->guests[i] = guest;
	s->logs[i] = history_log_init(vm_control_ptr(vm, log), i, capacity);
	s->spans[i] = vm_control_ptr(vm, spans);
	if (setup->place >= 0)
		nodes_bind_thread(s->agents[i]->thread, setup->place + i);
}

static void create_host(struct stage *s, uint32_t i, const struct stage_setup *setup)
{
	const uint32_t capacity = log_capacity(setup), actor = s->config.vcpus + i;
	struct stage_host *h = &s->hosts[i];
	void *log = malloc(history_log_size(capacity));

	h->stage = s;
	h->actor = TOKEN_ACTOR_HOST + i;
	h->node = setup->place < 0 ? -1 : setup->place + (int)actor;
	h->spans = malloc(setup->ops * sizeof(*h->spans));
	verdict_require(log && h->spans, "out of memory");
	memset(h->spans, 0, setup->ops * sizeof(*h->spans));
	if (setup->steady)
		memset(log, 0, history_log_size(capacity));
	h->log = history_log_init(log, h->actor, capacity);
	s->logs[actor] = h->log;
	s->spans[actor] = h->spans;
}

static void create_checker(struct stage *s)
{
	struct checker_config config = {
		.vm = s->vm->number,
		.pages = s->config.pages,
		.split = s->config.kind == MEMORY_SPLIT,
	};
	const bool in_place = s->config.kind == MEMORY_INPLACE;
	const struct vm_type *type = s->vm->type;

	if (s->setup.steady)
		config.events = s->setup.ops * (s->config.vcpus + s->config.hosts);
	if (config.split || in_place) {
		config.undefined[0] = policy_contents(type, in_place, true) == POLICY_UNDEFINED;
		config.undefined[1] = policy_contents(type, in_place, false) == POLICY_UNDEFINED;
	}
	s->checker_config = config;
	s->checker = checker_create(&config);
}

/* Only there to interrupt KVM_RUN. */
static void on_signal(int signal)
{
	(void)signal;
}

struct stage *stage_create(const struct plan_config *config, const struct stage_setup *setup)
{
	struct sigaction sa = { .sa_handler = on_signal };
	struct stage *s = calloc(1, sizeof(*s));
	uint32_t i;

	verdict_require(s, "out of memory");
	s->config = *config;
	s->setup = *setup;
	pthread_mutex_init(&s->slot_lock, NULL);
	pthread_rwlock_init(&s->file_lock, NULL);
	pthread_mutex_init(&s->map_lock, NULL);
	sigaction(SIGUSR1, &sa, NULL);
	s->vm = vm_create(memory_vm_type(config->kind));
	create_memory(s);
	for (i = 0; i < config->vcpus; i++)
		create_vcpu(s, i, setup);
	s->memory->spare = vcpu_create(s->vm, config->vcpus);
	for (i = 0; i < config->hosts; i++)
		create_host(s, i, setup);
	if (setup->check)
		create_checker(s);
	return s;
}

static void destroy_checker(struct stage *s)
{
	const struct checker_stats stats = checker_stats(s->checker);

	if (stats.unjudged)
		verdict_note("%llu words, in all rounds, were too much for the checker: not judged",
			     (unsigned long long)stats.unjudged);
	checker_destroy(s->checker);
}

void stage_destroy(struct stage *s)
{
	uint32_t i;

	for (i = 0; i < s->config.vcpus; i++)
		agent_destroy(s->agents[i]);
	vcpu_destroy(s->memory->spare);
	for (i = 0; i < s->config.hosts; i++) {
		free(s->hosts[i].log);
		free(s->hosts[i].spans);
	}
	memory_destroy(s->memory);
	if (s->checker)
		destroy_checker(s);
	vm_destroy(s->vm);
	free(s);
}
