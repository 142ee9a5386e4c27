// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include "harness/clock.h"
#include "harness/nodes.h"
#include "harness/verdict.h"
#include "race/interrupt_parts.h"
#include "race/round_parts.h"
#include "race/side_parts.h"
#include "race/widen_parts.h"

/* Operations that an actor can log before a barrier has to come, and those of one round. */
#define OPS		512u
#define ROUND_EVENTS	32u

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

static void *helper_thread(void *arg)
{
	struct race_actor *a = arg;
	uint64_t turn = 0;

	nodes_pin(1);
	while ((turn = fuzzy_wait(a->race->sync.gate, a->k, turn, fuzzy_yield)))
		race_host_turn(a);
	return NULL;
}

static struct fuzzy_gate *gate_create(struct vm *vm)
{
	return vm_control_ptr(vm, vm_control_alloc(vm, sizeof(struct fuzzy_gate)));
}

unsigned int race_cpu(const struct race *r, unsigned int k)
{
	if (r->side[k]->guest)
		return r->side[!k]->guest ? r->actor[k].vcpu : 1;
	return r->actor[k].helper;
}

/* vCPUs, the calling thread, and a helper if neither side is a vCPU, execute the sides. */
static void create_actors(struct race *r)
{
	struct stage *s = r->stage;
	unsigned int k, guests = r->side[0]->guest + r->side[1]->guest, vcpu = 0, host = 0;

	fuzzy_sync_init(&r->sync, gate_create(s->vm), prng_next(&r->prng));
	fuzzy_sync_init(&r->probe, gate_create(s->vm), 0);
	/* A vCPU that only looks is on the caller's CPU, which waits for it. */
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
		.kind = memory_kind_here(config->kind), .vcpus = 1, .hosts = 2,
		.pages = RACE_PAGES, .slots = 1,
	};
	unsigned int k;

	shape.vcpus += config->side[0]->guest && config->side[1]->guest;
	r->side[0] = config->side[0];
	r->side[1] = config->side[1];
	r->kind = memory_kind_here(config->kind);
	r->naive = config->naive;
	r->alone = config->alone;
	r->widen = config->widen;
	r->caller = pthread_self();
	r->after = config->after;
	r->stage = stage_create(&shape, &(struct stage_setup){ .ops = OPS, .check = true,
								.place = -1 });
	for (k = 0; k < 2; k++)
		race_side_require(r, k);
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

static bool logs_full(const struct race *r)
{
	uint32_t i, actors = r->stage->config.vcpus + r->stage->config.hosts;

	for (i = 0; i < actors; i++)
		if (history_log_room(r->stage->logs[i]) < ROUND_EVENTS)
			return true;
	return false;
}

/*
 * A pair races for the time that it was given.  Where the two sides have not met by then, or have
 * hardly raced, the race goes on for up to PATIENCE seconds; where they have not met by then
 * either, as on a slow machine or kernel, until they have raced PATIENCE_RACES times.
 */
#define PATIENCE	1.0
#define PATIENCE_RACES	20
/* Of a pair that is worth much; half of that is enough for others. */
#define FEW_RACES	4
#define WORTH_MUCH	3

static uint64_t few_races(const struct race_config *config)
{
	const unsigned int weight = race_pair_weight(config->side[0], config->side[1],
						     config->kind);

	return weight >= WORTH_MUCH ? FEW_RACES : FEW_RACES / 2;
}

static bool time_left(const struct race *r, const struct race_config *config, double start)
{
	const double passed = clock_seconds() - start;
	const bool met = r->sync.overlaps || r->stayed;

	if (config->iterations && r->races >= config->iterations)
		return false;
	if (passed < config->duration)
		return true;
	if (met)
		return passed < PATIENCE && r->races < few_races(config);
	return passed < PATIENCE || r->races < PATIENCE_RACES;
}

struct race_result race_run(const struct race_config *config)
{
	struct race r = { .prng.state = config->seed };
	struct race_result result = { 0 };
	double start = clock_seconds();
	struct race_widen *widen;
	unsigned int k;

	do {
		create(&r, config);
		widen = race_widen_start(&r);
		r.interrupt = race_interrupt_start(&r);
		do {
			race_widen_round(widen);
			race_round(&r);
			verdict_progress();
			if (logs_full(&r))
				judge(&r);
		} while (time_left(&r, config, start) && !race_side_used_up(&r, 0) &&
			 !race_side_used_up(&r, 1));
		race_interrupt_stop(r.interrupt);
		race_widen_stop(widen);
		destroy(&r);
		result.races += r.alone ? r.races : r.sync.races;
		result.overlaps += r.alone ? r.stayed : r.sync.overlaps;
		for (k = 0; k < 2; k++)
			result.cycles[k] = r.sync.duration[k];
	} while (time_left(&r, config, start));
	result.seconds = clock_seconds() - start;
	return result;
}
