/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPUs and NUMA nodes (libnuma): where threads run, and where memory lies.  The numbers of two
 * nodes need not be 0 and 1.
 */
#ifndef NODES_H
#define NODES_H

#include <pthread.h>
#include <stddef.h>

/**
 * nodes_count() - how many nodes have memory
 *
 * Return: their number; 1 where the kernel has no NUMA.
 */
int nodes_count(void);

/**
 * nodes_nth() - the kernel's number of a node
 * @i: the i-th node with memory, from 0 on
 *
 * Return: its number, or -1 if there are not so many.
 */
int nodes_nth(int i);

/**
 * nodes_cpus() - how many CPUs this process may run on
 *
 * All functions here mean the set as it was at the first call: nodes_pin() narrows that of its
 * thread.
 *
 * Return: their number.
 */
int nodes_cpus(void);

/**
 * nodes_pin() - bind the calling thread to one CPU
 * @i: the i-th CPU that the process may run on, modulo their number
 *
 * Return: the CPU's number, or -errno of pthread_setaffinity_np(3): -EINVAL if the CPU has gone
 * meanwhile.
 */
int nodes_pin(int i);

/**
 * nodes_pin_thread() - bind a thread of the process to one CPU
 * @thread: the thread; threads that it starts later inherit the binding
 * @i: the i-th CPU that the process may run on, modulo their number
 *
 * Return: as nodes_pin(), or -ESRCH if the thread has ended.
 */
int nodes_pin_thread(pthread_t thread, int i);

/**
 * nodes_run_on() - run the calling thread on one node, and let it prefer the node's memory
 * @i: the i-th node with memory, modulo their number
 *
 * Return: as nodes_bind_thread().
 */
int nodes_run_on(int i);

/**
 * nodes_bind_thread() - run a thread on the CPUs of one node
 * @thread: the thread
 * @i: the i-th node with memory, modulo their number
 *
 * Return: 0, also where the kernel has no NUMA or the process may use no CPU of that node: the
 * thread runs anywhere then.  Else -errno of pthread_setaffinity_np(3), or -ENOMEM.
 */
int nodes_bind_thread(pthread_t thread, int i);

/**
 * nodes_bind_memory() - prefer one node for the pages of a mapping
 * @p: the beginning, page-aligned
 * @size: bytes
 * @i: the i-th node with memory, modulo their number
 *
 * Return: 0, also where the kernel has no NUMA; -ENOMEM, or -errno of mbind(2).
 */
int nodes_bind_memory(void *p, size_t size, int i);

#endif /* NODES_H */
