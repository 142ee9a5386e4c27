// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <numa.h>
#include <numaif.h>
#include <sched.h>
#include "harness/nodes.h"

int nodes_nth(int i)
{
	int node;

	if (numa_available() < 0)
		return i ? -1 : 0;
	for (node = 0; node <= numa_max_node(); node++)
		if (numa_bitmask_isbitset(numa_all_nodes_ptr, node) && !i--)
			return node;
	return -1;
}

int nodes_count(void)
{
	int n = 0;

	while (nodes_nth(n) >= 0)
		n++;
	return n;
}

/*
 * The set as it was when first asked: nodes_pin() narrows the calling thread's own
 * set, and "the i-th CPU" has to stay the same CPU.
 */
static const cpu_set_t *allowed_cpus(void)
{
	static cpu_set_t set;

	if (!CPU_COUNT(&set))
		sched_getaffinity(0, sizeof(set), &set);
	return &set;
}

int nodes_cpus(void)
{
	return CPU_COUNT(allowed_cpus());
}

int nodes_pin_thread(pthread_t thread, int i)
{
	const cpu_set_t *allowed = allowed_cpus();
	cpu_set_t one;
	int cpu, skip = i % CPU_COUNT(allowed), error;

	for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, allowed) && !skip--)
			break;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	error = pthread_setaffinity_np(thread, sizeof(one), &one);
	return error ? -error : cpu;
}

int nodes_pin(int i)
{
	return nodes_pin_thread(pthread_self(), i);
}

int nodes_bind_thread(pthread_t thread, int i)
{
	int node = nodes_nth(i % nodes_count()), cpu;
	struct bitmask *cpus;
	cpu_set_t set;

	if (numa_available() < 0)
		return 0;
	cpus = numa_allocate_cpumask();
	CPU_ZERO(&set);
	if (!cpus || numa_node_to_cpus(node, cpus))
		return -errno;
	for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (numa_bitmask_isbitset(cpus, cpu) && CPU_ISSET(cpu, allowed_cpus()))
			CPU_SET(cpu, &set);
	numa_free_cpumask(cpus);
	/* A node without CPUs, or none that may be used, can only give memory. */
	return CPU_COUNT(&set) ? -pthread_setaffinity_np(thread, sizeof(set), &set) : 0;
}

/* Not numa_run_on_node(): it takes all CPUs of the node, allowed or not. */
int nodes_run_on(int i)
{
	int error = nodes_bind_thread(pthread_self(), i);

	if (!error && numa_available() >= 0)
		numa_set_preferred(nodes_nth(i % nodes_count()));
	return error;
}

int nodes_bind_memory(void *p, size_t size, int i)
{
	struct bitmask *nodes;
	int r;

	if (numa_available() < 0)
		return 0;
	nodes = numa_allocate_nodemask();
	if (!nodes)
		return -ENOMEM;
	numa_bitmask_setbit(nodes, nodes_nth(i % nodes_count()));
	r = mbind(p, size, MPOL_PREFERRED, nodes->maskp, nodes->size + 1, 0) ? -errno : 0;
	numa_free_nodemask(nodes);
	return r;
}
