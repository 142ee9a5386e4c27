// SPDX-License-Identifier: GPL-2.0-only
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "harness/clock.h"
#include "harness/nodes.h"
#include "harness/resident.h"
#include "stage/campaign.h"
#include "stage/evidence.h"
#include "stage/stage.h"

struct campaign;

/* One VM and the thread that takes it from round to round. */
struct driver {
	struct campaign *campaign;
	struct stage *stage;
	struct plan_config shape;
	uint32_t number;
	pthread_t thread;
	pthread_mutex_t lock;		/* of what the display looks at: */
	struct stage_counts counts;
	uint64_t checked;
	/* Of VMs before this one, which the emulator has spoilt: docs/emulator.md. */
	struct stage_counts counts_before;
	uint64_t checked_before;
	uint32_t lost, lost_in_a_row;	/* rounds */
};

struct campaign {
	const struct campaign_config *config;
	const struct run *run;
	struct driver drivers[CAMPAIGN_VMS_MAX];
	uint64_t ops;			/* so far, of all VMs */
	uint32_t finished;		/* drivers */
	bool stop;
	double start;
	uint64_t early_rss;		/* bytes, after RSS_SECONDS */
};

#define RSS_SECONDS	60
#define LOST_IN_A_ROW	3

struct sums {
	struct stage_counts counts;
	uint64_t ops, checked;
};

/*
 * Memory of this process in bytes, without what the guests' and host threads' accesses make come
 * and go.
 */
static uint64_t rss(struct campaign *c)
{
	struct resident_range guests[CAMPAIGN_VMS_MAX];
	uint32_t v;

	for (v = 0; v < c->config->vms; v++) {
		struct driver *d = &c->drivers[v];

		pthread_mutex_lock(&d->lock);
		guests[v].start = (uintptr_t)d->stage->memory->hva;
		guests[v].end = guests[v].start + d->stage->config.pages * page_size();
		pthread_mutex_unlock(&d->lock);
	}
	return resident_without(guests, c->config->vms);
}

static uint64_t vm_seed(uint64_t seed, uint32_t vm)
{
	struct prng p = { seed + vm };

	return vm ? prng_next(&p) : seed;
}

/* Let the display see what the stage has counted. */
static void publish(struct driver *d, uint32_t ops)
{
	pthread_mutex_lock(&d->lock);
	d->counts = d->counts_before;
	stage_counts_merge(&d->counts, &d->stage->counts);
	d->checked = d->checked_before;
	if (d->stage->checker)
		d->checked += checker_stats(d->stage->checker).events;
	pthread_mutex_unlock(&d->lock);
	__atomic_add_fetch(&d->campaign->ops, ops, __ATOMIC_RELAXED);
	verdict_progress();
}

static void record(const struct campaign_config *config, const struct plan *plan)
{
	char error[PLAN_ERROR_MAX];

	if (config->record && !plan_save(plan, config->record, error, sizeof(error)))
		verdict_fail(VERDICT_SETUP, "%s", error);
}

static bool over(const struct campaign *c)
{
	if (c->config->ops)
		return __atomic_load_n(&c->ops, __ATOMIC_RELAXED) >= c->config->ops;
	return __atomic_load_n(&c->stop, __ATOMIC_RELAXED);
}

static struct stage *create_stage(struct campaign *c, struct driver *d, uint32_t v)
{
	const struct plan_config *shape = &c->config->shape;
	struct stage_setup setup = {
		.ops = shape->guest_ops > shape->ops ? shape->guest_ops : shape->ops,
		.check = true,
		.steady = true,
		.may_slip = true,
		.place = c->config->spread && nodes_count() > 1 ? (int)v : -1,
		.failed = evidence_keep,
		.failed_arg = (void *)c->run,
	};

	d->campaign = c;
	d->number = v;
	d->shape = *shape;
	d->shape.seed = vm_seed(c->run->seed, v);
	return stage_create(&d->shape, &setup);
}

/* A round that says nothing about KVM: the next one gets a new VM, but not for ever. */
static void replace_stage(struct driver *d)
{
	struct stage *fresh, *old;

	d->lost++;
	if (++d->lost_in_a_row > LOST_IN_A_ROW)
		verdict_disturbed("%u rounds in a row; under emulation, see docs/emulator.md",
				  d->lost_in_a_row);
	publish(d, 0);
	d->counts_before = d->counts;
	d->checked_before = d->checked;
	fresh = create_stage(d->campaign, d, d->number);
	pthread_mutex_lock(&d->lock);
	old = d->stage;
	d->stage = fresh;
	pthread_mutex_unlock(&d->lock);
	stage_destroy(old);
}

static void *drive(void *arg)
{
	struct driver *d = arg;
	const struct campaign_config *config = d->campaign->config;
	uint32_t round = config->first + config->shard;

	do {
		struct plan plan;

		plan_generate(&plan, &d->shape, d->shape.seed, round);
		if (d == d->campaign->drivers && round == config->first + config->shard)
			record(config, &plan);
		if (stage_run(d->stage, &plan))
			stage_fail_anomaly(d->stage);
		if (d->stage->slipped) {
			replace_stage(d);
		} else {
			d->lost_in_a_row = 0;
			publish(d, plan_ops(&plan));
		}
		plan_free(&plan);
		round += config->shards;
	} while (!over(d->campaign));
	__atomic_add_fetch(&d->campaign->finished, 1, __ATOMIC_RELEASE);
	return NULL;
}

static struct sums sum(struct campaign *c)
{
	struct sums s = { .ops = __atomic_load_n(&c->ops, __ATOMIC_RELAXED) };
	uint32_t v;

	for (v = 0; v < c->config->vms; v++) {
		struct driver *d = &c->drivers[v];

		pthread_mutex_lock(&d->lock);
		stage_counts_merge(&s.counts, &d->counts);
		s.checked += d->checked;
		pthread_mutex_unlock(&d->lock);
	}
	return s;
}

static void show(struct campaign *c, double elapsed)
{
	const struct sums s = sum(c);
	char left[60];

	if (c->config->ops)
		snprintf(left, sizeof(left), "%.0f %% done", 100.0 * s.ops / c->config->ops);
	else
		snprintf(left, sizeof(left), "%.0f s left", c->run->duration - elapsed);
	printf("\r\033[K# %s: %.0f ops/s, %llu overlaps, %llu events checked, faults: memory %llu, hole %llu, signal %llu; %s",
	       c->run->id, s.ops / elapsed, (unsigned long long)s.counts.overlap.total,
	       (unsigned long long)s.checked, (unsigned long long)s.counts.faults,
	       (unsigned long long)s.counts.holes, (unsigned long long)s.counts.signals, left);
	fflush(stdout);
}

/* A dumb terminal cannot go back to the start of a line: a serial port that is recorded. */
static bool terminal_rewrites(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb");
}

/* Until all drivers are at their end. */
static void follow(struct campaign *c)
{
	const bool live = terminal_rewrites();

	while (__atomic_load_n(&c->finished, __ATOMIC_ACQUIRE) < c->config->vms) {
		double elapsed;

		usleep(100000);	/* only the pace of the display */
		elapsed = clock_seconds() - c->start;
		if (elapsed >= c->run->duration)
			__atomic_store_n(&c->stop, true, __ATOMIC_RELAXED);
		if (!c->early_rss && elapsed >= RSS_SECONDS)
			c->early_rss = rss(c);
		if (live)
			show(c, elapsed);
	}
	if (live)
		printf("\r\033[K");
}

static void summarise(struct campaign *c)
{
	const double elapsed = clock_seconds() - c->start;
	const struct sums s = sum(c);
	unsigned int k, lost = 0;
	char text[480];

	verdict_note("%s: seed %#llx, %u VMs, %llu rounds, %.0f operations/s, %llu events checked",
		     memory_kind_name(c->config->shape.kind), (unsigned long long)c->run->seed,
		     c->config->vms, (unsigned long long)s.counts.rounds, s.ops / elapsed,
		     (unsigned long long)s.checked);
	verdict_note("faults: %llu memory, %llu hole, %llu signal; %llu conversions asked for, %llu operations given up, %llu helped by pre-fault",
		     (unsigned long long)s.counts.faults, (unsigned long long)s.counts.holes,
		     (unsigned long long)s.counts.signals, (unsigned long long)s.counts.converts,
		     (unsigned long long)s.counts.gave_up, (unsigned long long)s.counts.unstuck);
	if (c->early_rss)
		verdict_note("resident memory, without that of guests: %llu KiB after %u s, %llu KiB at the end",
			     (unsigned long long)c->early_rss / 1024, RSS_SECONDS,
			     (unsigned long long)rss(c) / 1024);
	for (k = 0; k < c->config->vms; k++)
		lost += c->drivers[k].lost;
	if (lost)
		verdict_note("%u rounds lost to the emulator, each with its VM: docs/emulator.md",
			     lost);
	for (k = 0; k < PLAN_KINDS; k++) {
		overlap_describe(&s.counts.overlap, k, text, sizeof(text));
		if (*text)
			verdict_note("%s", text);
	}
	verdict_exercised(s.ops, s.counts.overlap.total);
}

void campaign_run(const struct campaign_config *config, const struct run *run)
{
	struct campaign *c = calloc(1, sizeof(*c));
	uint32_t v;

	verdict_require(c, "out of memory");
	c->config = config;
	c->run = run;
	for (v = 0; v < config->vms; v++) {
		pthread_mutex_init(&c->drivers[v].lock, NULL);
		c->drivers[v].stage = create_stage(c, &c->drivers[v], v);
	}
	c->start = clock_seconds();
	for (v = 0; v < config->vms; v++)
		if (pthread_create(&c->drivers[v].thread, NULL, drive, &c->drivers[v]))
			verdict_fail(VERDICT_SETUP, "cannot start the thread of VM %u", v);
	follow(c);
	for (v = 0; v < config->vms; v++)
		pthread_join(c->drivers[v].thread, NULL);
	summarise(c);
	for (v = 0; v < config->vms; v++)
		stage_destroy(c->drivers[v].stage);
	free(c);
}
