// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "attributes.h"
#include "gmem.h"
#include "policy.h"
#include "stage.h"
#include "verdict.h"

#define HUGE_SIZE	(2ull << 20)
#define PAGE		((uint64_t)TOKEN_PAGE_SIZE)

/* Faults of one vCPU on one page in a row: when to help, when to give the operation up. */
#define FAULTS_HELP	64
#define FAULTS_GIVE_UP	4000

/* Instructions cannot be fetched from a hole: KVM gives up emulating, until it is filled. */
static bool executing(struct stage *s, const struct agent_plan *guest)
{
	const struct plan_op *ops = vm_control_ptr(s->vm, guest->ops);

	return ops[guest->next].kind == PLAN_EXECUTE;
}

/*
 * While a slot or a file is being replaced accesses fault, and are repeated.  On a kernel
 * with docs/findings.md, 3, some would be for ever; a pre-fault puts the mapping right.
 */
static enum agent_action stage_fault(struct agent *a, const struct vcpu_exit *exit, void *arg)
{
	struct kvm_pre_fault_memory range = { .gpa = exit->gpa & ~(PAGE - 1), .size = PAGE };
	struct stage *s = arg;
	char text[200];

	if (exit->kind == VCPU_EXIT_INTERNAL_ERROR && !executing(s, s->guests[a->vcpu->id])) {
		vcpu_exit_describe(exit, text, sizeof(text));
		verdict_fail(VERDICT_ABI, "vCPU %u, operation %u of its list: %s", a->vcpu->id,
			     s->guests[a->vcpu->id]->next, text);
	}
	if (exit->gpa != a->last_gpa)
		a->streak = 0;
	a->last_gpa = exit->gpa;
	a->streak++;
	if (a->streak % FAULTS_HELP == 0 && exit->kind == VCPU_EXIT_MEMORY_FAULT &&
	    s->config.kind == RAM_SPLIT && !pthread_mutex_trylock(&s->slot_lock)) {
		if (!__vcpu_ioctl(s->spare, KVM_PRE_FAULT_MEMORY, &range))
			__atomic_fetch_add(&s->unstuck, 1, __ATOMIC_RELAXED);
		pthread_mutex_unlock(&s->slot_lock);
	}
	verdict_progress();
	sched_yield();
	if (a->streak < FAULTS_GIVE_UP)
		return AGENT_RETRY;
	a->streak = 0;
	return AGENT_ABORT;
}

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
	int fd = s->config.kind == RAM_SHARED ? s->gmem : -1;
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
	if (c->kind != RAM_ANON) {
		gmem_require(s->vm, ram_gmem_flags(c->kind));
		s->gmem = gmem_create(s->vm, c->pages * PAGE, ram_gmem_flags(c->kind));
	}
	s->hva = reserve(c->pages * PAGE);
	plan_layout(c, s->layout);
	for (i = 0; i < c->slots; i++) {
		const struct plan_memslot *l = &s->layout[i];

		stage_map(s, i, l->first, l->pages);
		s->slots[i] = (struct memslot){
			.id = s->vm->next_slot++,
			.flags = c->kind == RAM_ANON ? KVM_MEM_LOG_DIRTY_PAGES :
						       KVM_MEM_GUEST_MEMFD,
			.gpa = stage_gpa(l->first),
			.size = l->pages * PAGE,
			.hva = s->hva + l->first * PAGE,
			.gmem = s->gmem,
			.gmem_offset = l->offset * PAGE,
		};
		memslot_set(s->vm, &s->slots[i]);
	}
	if (c->kind == RAM_SPLIT)
		attributes_set(s->vm, stage_gpa(0), c->pages * PAGE, KVM_MEMORY_ATTRIBUTE_PRIVATE);
}

static void create_vcpu(struct stage *s, uint32_t i, uint32_t ops)
{
	struct vm *vm = s->vm;
	uint64_t list = vm_control_alloc(vm, ops * sizeof(struct plan_op));
	uint64_t log = vm_control_alloc(vm, history_log_size(2 * ops));
	struct agent_plan *guest = vm_control_ptr(vm, vm_control_alloc(vm, sizeof(*guest)));

	s->agents[i] = agent_create(vm, i, -1);
	s->agents[i]->on_fault = stage_fault;
	s->agents[i]->on_fault_arg = s;
	*guest = (struct agent_plan){
		.ops = list,
		.log = log,
		.base = AGENT_ALIAS_PRIVATE + stage_gpa(0),
		.gpa = stage_gpa(0),
		.vm = vm->number,
		.actor = i,
	};
	s->guests[i] = guest;
	s->logs[i] = history_log_init(vm_control_ptr(vm, log), i, 2 * ops);
}

static void create_host(struct stage *s, uint32_t i, uint32_t ops)
{
	struct stage_host *h = &s->hosts[i];
	void *memory = malloc(history_log_size(2 * ops));

	verdict_require(memory, "out of memory");
	h->stage = s;
	h->actor = TOKEN_ACTOR_HOST + i;
	h->log = history_log_init(memory, h->actor, 2 * ops);
	s->logs[s->config.vcpus + i] = h->log;
}

static void create_checker(struct stage *s)
{
	struct checker_config config = {
		.vm = s->vm->number,
		.pages = s->config.pages,
		.split = s->config.kind == RAM_SPLIT,
	};
	const struct vm_type *type = s->vm->type;

	if (config.split) {
		config.undefined[0] = policy_contents(type, false, true) == POLICY_UNDEFINED;
		config.undefined[1] = policy_contents(type, false, false) == POLICY_UNDEFINED;
	}
	s->checker = checker_create(&config);
}

/* Only there to interrupt KVM_RUN. */
static void on_signal(int signal)
{
	(void)signal;
}

struct stage *stage_create(const struct plan_config *config, uint32_t ops, bool check)
{
	struct sigaction sa = { .sa_handler = on_signal };
	struct stage *s = calloc(1, sizeof(*s));
	uint32_t i;

	verdict_require(s, "out of memory");
	s->config = *config;
	pthread_mutex_init(&s->slot_lock, NULL);
	pthread_rwlock_init(&s->file_lock, NULL);
	pthread_rwlock_init(&s->map_lock, NULL);
	sigaction(SIGUSR1, &sa, NULL);
	s->vm = vm_create(ram_vm_type(config->kind));
	create_memory(s);
	for (i = 0; i < config->vcpus; i++)
		create_vcpu(s, i, ops);
	s->spare = vcpu_create(s->vm, config->vcpus);
	for (i = 0; i < config->hosts; i++)
		create_host(s, i, ops);
	if (check)
		create_checker(s);
	return s;
}

static void *host_thread(void *arg)
{
	struct stage_host *h = arg;
	uint32_t i;

	for (i = 0; i < h->list->count; i++) {
		volatile uint32_t delay = h->list->ops[i].delay;

		while (delay)
			delay--;
		stage_host_step(h, &h->list->ops[i]);
		verdict_progress();
	}
	return NULL;
}

static void start(struct stage *s, const struct plan *plan)
{
	uint32_t i;

	for (i = 0; i < s->config.vcpus; i++) {
		const struct plan_actor *list = &plan->actors[i];
		struct agent_plan *guest = s->guests[i];
		uint64_t gpa = (uint8_t *)guest - s->vm->control + AGENT_CONTROL_GPA;
		struct agent_op op = { .opcode = AGENT_OP_PLAN, .arg = gpa };

		memcpy(vm_control_ptr(s->vm, guest->ops), list->ops,
		       list->count * sizeof(*list->ops));
		guest->log = (uint8_t *)s->logs[i] - s->vm->control + AGENT_CONTROL_GPA;
		guest->count = list->count;
		guest->holes = guest->gave_up = 0;
		agent_post(s->agents[i], &op);
	}
	for (i = 0; i < s->config.hosts; i++) {
		s->hosts[i].list = &plan->actors[s->config.vcpus + i];
		if (pthread_create(&s->hosts[i].thread, NULL, host_thread, &s->hosts[i]))
			verdict_fail(VERDICT_SETUP, "cannot start host thread %u", i);
	}
}

static void finish(struct stage *s)
{
	char text[400];
	uint32_t i;

	for (i = 0; i < s->config.hosts; i++)
		pthread_join(s->hosts[i].thread, NULL);
	for (i = 0; i < s->config.vcpus; i++) {
		const struct agent_result *r = agent_wait(s->agents[i]);

		s->holes += s->guests[i]->holes;
		s->gave_up += s->guests[i]->gave_up;
		if (r->status == AGENT_OK)
			continue;
		agent_describe(s->agents[i], text, sizeof(text));
		verdict_fail(VERDICT_PERMISSION, "vCPU %u, operation %u of its list: %s", i,
			     s->guests[i]->next, text);
	}
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
	uint32_t i, k, actors = plan_actors(plan);
	int anomalies = 0;

	for (i = 0; i < actors; i++)
		history_log_clear(s->logs[i]);
	start(s, plan);
	finish(s);
	for (i = 0; i < actors; i++)
		for (k = 0; k < plan->actors[i].count; k++)
			s->done[plan->actors[i].ops[k].kind]++;
	if (s->checker)
		anomalies = judge(s);
	return anomalies;
}

void stage_destroy(struct stage *s)
{
	uint32_t i;

	for (i = 0; i < s->config.vcpus; i++)
		agent_destroy(s->agents[i]);
	vcpu_destroy(s->spare);
	for (i = 0; i < s->config.hosts; i++)
		free(s->hosts[i].log);
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
