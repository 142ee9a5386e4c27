/* SPDX-License-Identifier: GPL-2.0-only */
/* CPUs and NUMA nodes (libnuma): who runs where. Node numbers need not be 0 and 1. */
#ifndef NODES_H
#define NODES_H

#include <pthread.h>
#include <stddef.h>

/* Number of nodes with memory; 1 where the kernel has no NUMA. */
int nodes_count(void);

/* Number of the @i-th node with memory, or -1. */
int nodes_nth(int i);

/* CPUs that this process may run on. */
int nodes_cpus(void);

/**
 * nodes_pin() - bind the calling thread to one CPU
 * @i: the i-th CPU that the process may run on, modulo their number
 *
 * Return: the CPU's number, or -errno.
 */
int nodes_pin(int i);

/* The same for another thread of the process; threads it starts later inherit it. */
int nodes_pin_thread(pthread_t thread, int i);

/* Run the calling thread on, and let it allocate from, the @i-th node; 0 or -errno. */
int nodes_run_on(int i);

/* Run a thread on the CPUs of the @i-th node, modulo their number; 0 or -errno. */
int nodes_bind_thread(pthread_t thread, int i);

/* Prefer the @i-th node, modulo their number, for pages in [@p, @p + @size); 0 or -errno. */
int nodes_bind_memory(void *p, size_t size, int i);

#endif /* NODES_H */
