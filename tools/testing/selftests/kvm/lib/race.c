// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include "attributes.h"
#include "gmem.h"
#include "nodes.h"
#include "race.h"
#include "verdict.h"

#define PAGE		((uint64_t)TOKEN_PAGE_SIZE)

/* Operations that an actor can log before a barrier has to come, and those of one round. */
#define OPS		512u
#define ROUND_EVENTS	32u

/* Races on a VM whose means a side uses up. */
#define FRESH_RACES	40u

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void __attribute__((noreturn, format(printf, 3, 4)))
race_fail(const struct race *r, enum verdict_class cls, const char *fmt, ...)
{
	char text[1700];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	verdict_fail(cls, "%s, VM type %s, %s and %s, race %llu on page %u slot %u: %s",
		     ram_kind_name(r->kind), r->stage->vm->type->name, r->side[0]->name,
		     r->side[1]->name, (unsigned long long)r->races, r->page, r->slot, text);
}

void race_log(struct race *r, struct stage_host *h, struct event event)
{
	(void)r;
	history_log_append(h->log, &event);
}

void race_convert(struct race *r, bool shared)
{
	struct event event = {
		.begin = race_ticket(r), .value = shared, .page = r->first, .pages = r->pages,
		.kind = EVENT_CONVERT,
	};

	attributes_set(r->stage->vm, stage_gpa(r->first), r->pages * PAGE,
		       shared ? 0 : KVM_MEMORY_ATTRIBUTE_PRIVATE);
	event.end = race_ticket(r);
	race_log(r, &r->stage->hosts[0], event);
}

static void judge(struct race *r)
{
	struct stage *s = r->stage;
	uint32_t i, actors = s->config.vcpus + s->config.hosts;
	char text[1500];

	for (i = 0; i < actors; i++)
		if (!checker_add_log(s->checker, s->logs[i]))
			race_fail(r, VERDICT_SETUP, "history cannot be judged: %s",
				  checker_error(s->checker));
	if (checker_run(s->checker)) {
		const struct anomaly *a = checker_anomaly(s->checker, 0);

		anomaly_describe(a, text, sizeof(text));
		race_fail(r, a->cls, "before or in it\n%s", text);
	}
	for (i = 0; i < actors; i++)
		history_log_clear(s->logs[i]);
}

/* A host side's turn. */
static void host_turn(struct race_actor *a)
{
	struct race *r = a->race;

	fuzzy_begin(r->sync.gate, a->k, fuzzy_yield);
	a->begin = race_ticket(r);
	a->error = r->side[a->k]->run(r, a);
	a->end = race_ticket(r);
	fuzzy_end(r->sync.gate, a->k);
	fuzzy_leave(r->sync.gate, a->k);
}

static void *helper_thread(void *arg)
{
	struct race_actor *a = arg;
	uint64_t turn = 0;

	nodes_pin(1);
	while ((turn = fuzzy_wait(a->race->sync.gate, a->k, turn, fuzzy_yield)))
		host_turn(a);
	return NULL;
}

static struct fuzzy_gate *gate_create(struct vm *vm)
{
	return vm_control_ptr(vm, vm_control_alloc(vm, sizeof(struct fuzzy_gate)));
}

/* Who executes which side: vCPUs, the calling thread, and a helper if neither is a vCPU. */
static void create_actors(struct race *r)
{
	struct stage *s = r->stage;
	unsigned int k, guests = r->side[0]->guest + r->side[1]->guest, vcpu = 0, host = 0;

	fuzzy_sync_init(&r->sync, gate_create(s->vm), prng_next(&r->prng));
	fuzzy_sync_init(&r->probe, gate_create(s->vm), 0);
	/* The two sides on two CPUs; a vCPU that only looks beside the caller, which waits for it. */
	nodes_pin(0);
	nodes_pin_thread(s->agents[0]->thread, guests == 1);
	if (guests == 2)
		nodes_pin_thread(s->agents[1]->thread, 1);
	for (k = 0; k < 2; k++) {
		struct race_actor *a = &r->actor[k];

		*a = (struct race_actor){ .race = r, .k = k };
		if (r->side[k]->guest) {
			a->vcpu = vcpu++;
			race_guest_init(r, a->vcpu, &r->sync, k, guests == 1 && !r->naive);
			continue;
		}
		a->host = &s->hosts[host];
		a->helper = host++;
		if (a->helper && pthread_create(&a->thread, NULL, helper_thread, a))
			verdict_fail(VERDICT_SETUP, "cannot start a thread");
	}
	if (!guests)
		race_guest_init(r, 0, &r->probe, 0, false);
	/* A vCPU that is out of the guest is woken for its turn. */
	r->sync.may_wake = guests == 1 && !r->naive;
}

static void create(struct race *r, const struct race_config *config)
{
	struct plan_config shape = {
		.kind = config->kind, .vcpus = 1, .hosts = 2, .pages = RACE_PAGES, .slots = 1,
	};

	shape.vcpus += config->side[0]->guest && config->side[1]->guest;
	r->side[0] = config->side[0];
	r->side[1] = config->side[1];
	r->kind = config->kind;
	r->naive = config->naive;
	r->alone = config->alone;
	r->after = config->after;
	r->stage = stage_create(&shape, OPS, true);
	create_actors(r);
}

static void destroy(struct race *r)
{
	unsigned int k;

	judge(r);
	for (k = 0; k < 2; k++)
		if (r->guest[k].race)
			race_guest_stop(&r->guest[k]);
	fuzzy_close(&r->sync);
	for (k = 0; k < 2; k++)
		if (r->actor[k].helper)
			pthread_join(r->actor[k].thread, NULL);
	stage_destroy(r->stage);
	memset(r->guest, 0, sizeof(r->guest));
	memset(r->actor, 0, sizeof(r->actor));
}

/* Where, and which words; code has words of its own. */
static void choose(struct race *r)
{
	bool wide = !prng_below(&r->prng, 4);

	r->page = prng_below(&r->prng, RACE_PAGES);
	r->pages = wide ? 1 + prng_below(&r->prng, RACE_RANGE) : 1;
	r->first = r->page - prng_below(&r->prng, r->pages);
	if (r->first > r->page)
		r->first = 0;
	if (r->first + r->pages > RACE_PAGES)
		r->first = RACE_PAGES - r->pages;
	do {
		r->slot = prng_below(&r->prng, 3) ? prng_below(&r->prng, TOKEN_SLOTS) :
			  prng_below(&r->prng, 2) * (TOKEN_SLOTS - 1);
	} while (r->slot >= PLAN_CODE_SLOT && r->slot < PLAN_CODE_SLOT + PLAN_CODE_SLOTS);
}

/* Take the guest's mapping of the range away, and leave its contents. */
static void zap(struct race *r)
{
	uint8_t *at = r->stage->hva + r->first * PAGE;

	if (r->kind == RAM_SPLIT) {
		race_convert(r, !r->shared);
		race_convert(r, r->shared);
	} else {
		mprotect(at, r->pages * PAGE, PROT_READ);
		mprotect(at, r->pages * PAGE, PROT_READ | PROT_WRITE);
	}
}

static bool flagged(const struct race *r, uint8_t flag)
{
	return (r->side[0]->flags | r->side[1]->flags) & flag;
}

/* Take its contents away as well: the next access is the first one. */
static void empty(struct race *r)
{
	struct event event = {
		.begin = race_ticket(r), .page = r->first, .pages = r->pages, .kind = EVENT_RESET,
	};

	if (r->stage->gmem >= 0)
		gmem_punch(r->stage->gmem, r->first * PAGE, r->pages * PAGE);
	if (r->kind != RAM_SHARED)
		madvise(r->stage->hva + r->first * PAGE, r->pages * PAGE, MADV_DONTNEED);
	event.end = race_ticket(r);
	race_log(r, &r->stage->hosts[0], event);
}

static void set_operations(struct race *r)
{
	uint32_t i, k;

	for (i = 0; i < r->pages; i++) {
		race_guest_set(&r->guest[0], RACE_OP_FILL + i, PLAN_WRITE, r->first + i);
		race_guest_set(&r->guest[0], RACE_OP_LOOK + i, PLAN_READ, r->first + i);
	}
	for (k = 0; k < 2; k++)
		if (r->side[k]->guest)
			race_guest_set(&r->guest[r->actor[k].vcpu], RACE_OP_SIDE0 + k,
				       r->side[k]->kind, r->page);
}

/* Contents that name this round, mapped by the guest, or not any more; or no page yet. */
static void prepare(struct race *r)
{
	uint32_t state = prng_below(&r->prng, 8), k;

	choose(r);
	set_operations(r);
	if (r->kind == RAM_SPLIT) {
		r->shared = flagged(r, RACE_MAPPING) || !prng_below(&r->prng, 4);
		race_convert(r, r->shared);
	}
	race_guest_alone(&r->guest[0], RACE_OP_FILL, r->pages);
	if (state < 2)
		empty(r);
	else if (state < 7)
		zap(r);
	for (k = 0; k < 2; k++)
		if (r->side[k]->prepare)
			r->side[k]->prepare(r);
}

/* No race: the vCPU waits in the guest, where it was called to its next turn, all the while. */
static void happen(struct race *r)
{
	race_guest_alone(&r->guest[0], RACE_OP_LOOK, 0);
	r->stayed += race_guest_call(&r->guest[0]);
	fuzzy_alone(&r->sync, 1, 0);
	host_turn(&r->actor[1]);
}

static void collide(struct race *r)
{
	unsigned int k;

	race_guest_linger(&r->guest[0], r->sync.start == FUZZY_MEET);
	for (k = 0; k < 2; k++)
		if (r->side[k]->guest)
			race_guest_call(&r->guest[r->actor[k].vcpu]);
	if (r->naive)
		fuzzy_let(&r->sync, AGENT_RACE_COMMAND(RACE_OP_SIDE0, 1),
			  AGENT_RACE_COMMAND(RACE_OP_SIDE1, 1));
	else
		fuzzy_aim(&r->sync, AGENT_RACE_COMMAND(RACE_OP_SIDE0, 1),
			  AGENT_RACE_COMMAND(RACE_OP_SIDE1, 1));
	for (k = 0; k < 2; k++)
		if (!r->side[k]->guest && !r->actor[k].helper)
			host_turn(&r->actor[k]);
	for (k = 0; k < 2; k++) {
		if (r->side[k]->guest)
			race_guest_await(&r->guest[r->actor[k].vcpu]);
		else
			fuzzy_await(&r->sync, k);
	}
	fuzzy_learn(&r->sync);
}

static void check_errors(struct race *r)
{
	unsigned int k;

	for (k = 0; k < 2; k++) {
		const struct race_side *side = r->side[k];
		int error = -r->actor[k].error;

		if (side->guest)
			continue;
		if (!race_error_allowed(side, r->side[!k], r->kind, error))
			race_fail(r, VERDICT_ABI, "%s ended in errno %d (%s), expected %d (%s)",
				  side->name, error, strerror(error), side->error,
				  strerror(side->error));
		if (side->log)
			side->log(r, k);
	}
}

/* Accesses that were given up and those that met a hole, of all vCPUs. */
static uint64_t failed_accesses(const struct race *r)
{
	unsigned int v;
	uint64_t n = 0;

	for (v = 0; v < r->stage->config.vcpus; v++)
		n += r->guest[v].race ? r->guest[v].plan->gave_up + r->guest[v].plan->holes : 0;
	return n;
}

/* A fault or a hole where memory was there all the time, and nobody took it away? */
static void check_access(const struct race *r, uint64_t before, const char *when)
{
	char text[200];

	if (failed_accesses(r) == before)
		return;
	vcpu_exit_describe(&r->guest[0].agent->fault, text, sizeof(text));
	race_fail(r, VERDICT_PERMISSION, "%s, a vCPU could not access memory that is there: %s",
		  when, text);
}

/*
 * What is left, seen by a vCPU and by the host.  Equal contents may hide that they look at
 * two pages: what the host writes now the vCPU has to see, if it is to see the mapping.
 */
static void look(struct race *r)
{
	struct plan_op op = { .page = r->page, .slot = r->slot, .pages = 1 };

	race_guest_alone(&r->guest[0], RACE_OP_LOOK, r->pages);
	op.kind = PLAN_HOST_READ;
	stage_host_step(&r->stage->hosts[0], &op);
	op.kind = PLAN_HOST_WRITE;
	stage_host_step(&r->stage->hosts[0], &op);
	race_guest_alone(&r->guest[0], RACE_OP_LOOK, r->pages);
}

static bool executes(const struct race *r)
{
	return (r->side[0]->guest && r->side[0]->kind == PLAN_EXECUTE) ||
	       (r->side[1]->guest && r->side[1]->kind == PLAN_EXECUTE);
}

static void restore(struct race *r, bool file)
{
	unsigned int k;

	for (k = 0; k < 2; k++)
		if (r->side[k]->restore && !!(r->side[k]->flags & RACE_FILE) == file)
			r->side[k]->restore(r);
}

static void round_run(struct race *r)
{
	uint64_t failed;

	prepare(r);
	failed = failed_accesses(r);
	if (r->alone)
		happen(r);
	else
		collide(r);
	check_errors(r);
	/* What is executed may be punched away: that is an exception, and nobody's fault. */
	if (!flagged(r, RACE_TAKES) && !executes(r))
		check_access(r, failed, "in the race");
	if (flagged(r, RACE_TAKES)) {
		race_guest_alone(&r->guest[0], RACE_OP_LOOK, r->pages);
		restore(r, true);
		restore(r, false);
	}
	if (r->after)
		r->after(r);
	failed = failed_accesses(r);
	look(r);
	check_access(r, failed, "after it");
	r->races++;
}

static bool logs_full(const struct race *r)
{
	uint32_t i, actors = r->stage->config.vcpus + r->stage->config.hosts;

	for (i = 0; i < actors; i++)
		if (history_log_room(r->stage->logs[i]) < ROUND_EVENTS)
			return true;
	return false;
}

/* What takes long to meet gets more time than it was given, but no more than this. */
#define PATIENCE	1.0

static bool time_left(const struct race *r, const struct race_config *config, double start)
{
	double passed = seconds() - start;

	if (config->iterations && r->races >= config->iterations)
		return false;
	return passed < config->duration || (!r->sync.overlaps && !r->stayed && passed < PATIENCE);
}

struct race_result race_run(const struct race_config *config)
{
	struct race r = { .prng.state = config->seed };
	struct race_result result = { 0 };
	double start = seconds();
	unsigned int k;

	do {
		create(&r, config);
		do {
			round_run(&r);
			verdict_progress();
			if (logs_full(&r))
				judge(&r);
		} while (time_left(&r, config, start) &&
			 !(flagged(&r, RACE_FRESH) && r.sync.races >= FRESH_RACES));
		destroy(&r);
		result.races += r.alone ? r.races : r.sync.races;
		result.overlaps += r.alone ? r.stayed : r.sync.overlaps;
		for (k = 0; k < 2; k++)
			result.cycles[k] = r.sync.duration[k];
	} while (time_left(&r, config, start));
	result.seconds = seconds() - start;
	return result;
}
