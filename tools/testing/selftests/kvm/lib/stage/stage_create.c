// SPDX-License-Identifier: GPL-2.0-only
/* Memory, vCPUs and host actors of a stage: made and given back. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "harness/nodes.h"
#include "harness/page.h"
#include "harness/verdict.h"
#include "machine/attributes.h"
#include "machine/gmem.h"
#include "machine/policy.h"
#include "memory/ram.h"
#include "stage/parts.h"

#define HUGE_SIZE	(2ull << 20)
#define PAGE		page_size()

uint64_t stage_part(const struct stage *s, uint32_t slot, uint32_t *first, uint32_t *pages)
{
	const struct plan_memslot *l = &s->layout[slot];
	uint32_t end = *first + *pages, last = l->first + l->pages;

	if (*first < l->first)
		*first = l->first;
	if (end > last)
		end = last;
	*pages = *first < end ? end - *first : 0;
	return (l->offset + *first - l->first) * PAGE;
}

void stage_map(struct stage *s, uint32_t slot, uint32_t first, uint32_t pages)
{
	uint64_t offset = stage_part(s, slot, &first, &pages);
	uint8_t *at = s->hva + first * PAGE;
	int fd = memory_kind_mapped(s->config.kind) ? s->gmem : -1;
	int flags = MAP_FIXED | (fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED);
	void *p = mmap(at, pages * PAGE, PROT_READ | PROT_WRITE, flags, fd, fd < 0 ? 0 : offset);

	verdict_require(p == at, "mmap of memslot %u", slot);
}

/* Address space for the host's view, as aligned as the guest's. */
static uint8_t *reserve(uint64_t size)
{
	uint8_t *p = mmap(NULL, size + HUGE_SIZE, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	verdict_require(p != MAP_FAILED, "mmap of %llu bytes", (unsigned long long)size);
	return p + ((AGENT_TEST_GPA - (uintptr_t)p) & (HUGE_SIZE - 1));
}

static void create_memory(struct stage *s)
{
	const struct plan_config *c = &s->config;
	uint32_t i;

	s->gmem = -1;
	if (c->kind != MEMORY_ANON) {
		gmem_require(s->vm, ram_gmem_flags(c->kind));
		s->gmem = gmem_create(s->vm, c->pages * PAGE, ram_gmem_flags(c->kind));
	}
	if (c->kind == MEMORY_INPLACE)
		stage_require_in_place(s);
	s->hva = reserve(c->pages * PAGE);
	plan_layout(c, s->layout);
	for (i = 0; i < c->slots; i++) {
		const struct plan_memslot *l = &s->layout[i];

		stage_map(s, i, l->first, l->pages);
		s->slots[i] = (struct memslot){
			.id = s->vm->next_slot++,
			.flags = c->kind == MEMORY_ANON ? KVM_MEM_LOG_DIRTY_PAGES :
						       KVM_MEM_GUEST_MEMFD,
			.gpa = stage_gpa(l->first),
			.size = l->pages * PAGE,
			.hva = s->hva + l->first * PAGE,
			.gmem = s->gmem,
			.gmem_offset = l->offset * PAGE,
		};
		memslot_set(s->vm, &s->slots[i]);
		/* Where the threads are not: part of the accesses go to another node. */
		if (s->setup.place >= 0)
			nodes_bind_memory(s->slots[i].hva, s->slots[i].size, s->setup.place + i);
	}
	if (c->kind == MEMORY_SPLIT)
		attributes_set(s->vm, stage_gpa(0), c->pages * PAGE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
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
	s->agents[i]->may_slip = s->setup.may_slip;
	*guest = (struct agent_plan){
		.ops = list,
		.spans = spans,
		.log = log,
		.base = AGENT_ALIAS_PRIVATE + stage_gpa(0),
		.gpa = stage_gpa(0),
		.page_size = PAGE,
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
	pthread_rwlock_init(&s->map_lock, NULL);
	sigaction(SIGUSR1, &sa, NULL);
	s->vm = vm_create(ram_vm_type(config->kind));
	create_memory(s);
	for (i = 0; i < config->vcpus; i++)
		create_vcpu(s, i, setup);
	s->spare = vcpu_create(s->vm, config->vcpus);
	for (i = 0; i < config->hosts; i++)
		create_host(s, i, setup);
	if (setup->check)
		create_checker(s);
	return s;
}

void stage_destroy(struct stage *s)
{
	uint32_t i;

	for (i = 0; i < s->config.vcpus; i++)
		agent_destroy(s->agents[i]);
	vcpu_destroy(s->spare);
	for (i = 0; i < s->config.hosts; i++) {
		free(s->hosts[i].log);
		free(s->hosts[i].spans);
	}
	for (i = 0; i < s->config.slots; i++)
		memslot_delete(s->vm, &s->slots[i]);
	munmap(s->hva, s->config.pages * PAGE);
	if (s->gmem >= 0)
		close(s->gmem);
	if (s->checker)
		checker_destroy(s->checker);
	vm_destroy(s->vm);
	free(s);
}
