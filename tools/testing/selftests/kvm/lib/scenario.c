// SPDX-License-Identifier: GPL-2.0-only
#include "nodes.h"
#include "scenario.h"

/* Rounds over many pages cost more and find no more each: a tenth of them will do. */
#define MANY_PAGES	256

void scenario_run(const struct run *run)
{
	const struct scenario *s = run->arg;
	struct vm *vm = vm_create(ram_vm_type(s->kind));
	struct ram *ram = ram_create(vm, s->kind, AGENT_TEST_GPA,
				     (uint64_t)s->pages * TOKEN_PAGE_SIZE);
	struct watchers_config config = {
		.flags = s->flags ? s->flags : WATCH_READ | WATCH_WRITE,
		.host_actors = s->host_actors,
		.seed = run->seed,
	};
	struct prng prng = { run->seed };
	struct agent *agents[VM_VCPUS_MAX];
	struct watchers w;
	uint64_t i, rounds = run->iterations;

	if (s->pages > MANY_PAGES)
		rounds = (rounds + 9) / 10;
	/* The last CPU does the host's side; vCPUs come first. */
	for (i = 0; i < s->vcpus; i++)
		agents[i] = agent_create(vm, i, i);
	nodes_pin(nodes_cpus() - 1);
	watchers_start(&w, ram, agents, s->vcpus, &config);
	watchers_pass(&w);
	for (i = 0; i < rounds; i++)
		s->round(&w, &prng);
	watchers_stop(&w);
	for (i = 0; i < s->vcpus; i++)
		agent_destroy(agents[i]);
	ram_destroy(ram);
	vm_destroy(vm);
}
