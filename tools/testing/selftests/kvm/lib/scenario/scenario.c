// SPDX-License-Identifier: GPL-2.0-only
#include "harness/nodes.h"
#include "harness/page.h"
#include "scenario/scenario.h"

/* Rounds over many pages cost more and find no more each: a tenth of them will do. */
#define MANY_PAGES	256

/*
 * A round in which nobody was seen at work while the operation was under way has raced
 * nothing, and does not count.  On a crowded machine that is most of them, and there
 * may be nothing but such: so many times the rounds asked for are enough in any case.
 */
#define ROUNDS_FACTOR	10

static void scenario_rounds(const struct scenario *s, struct watchers *w, const struct run *run)
{
	struct prng prng = { run->seed };
	uint64_t rounds = run->iterations, met = 0, i;

	if (s->pages > MANY_PAGES)
		rounds = (rounds + 9) / 10;
	for (i = 0; met < rounds && i < ROUNDS_FACTOR * rounds; i++) {
		uint64_t overlaps = watchers_overlaps(w);

		s->round(w, &prng);
		met += watchers_overlaps(w) != overlaps;
	}
}

void scenario_run(const struct run *run)
{
	const struct scenario *s = run->arg;
	struct vm *vm = vm_create(memory_vm_type(s->kind));
	struct memory *ram = memory_create(vm, s->kind, AGENT_TEST_GPA,
				     s->pages * page_size());
	struct watchers_config config = {
		.flags = s->flags ? s->flags : WATCH_READ | WATCH_WRITE,
		.host_actors = s->host_actors,
		.seed = run->seed,
	};
	struct agent *agents[VM_VCPUS_MAX];
	struct watchers w;
	unsigned int i;

	/* The last CPU does the host's side; vCPUs come first. */
	for (i = 0; i < s->vcpus; i++)
		agents[i] = agent_create(vm, i, i);
	nodes_pin(nodes_cpus() - 1);
	watchers_start(&w, ram, agents, s->vcpus, &config);
	watchers_pass(&w);
	scenario_rounds(s, &w, run);
	watchers_stop(&w);
	for (i = 0; i < s->vcpus; i++)
		agent_destroy(agents[i]);
	memory_destroy(ram);
	vm_destroy(vm);
}
