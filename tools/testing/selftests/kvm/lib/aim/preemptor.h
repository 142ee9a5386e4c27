/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Threads of real-time priority that take CPUs away at random, for a moment.
 *
 * On a kernel with CONFIG_PREEMPT such a thread can stop kernel code on its CPU wherever that
 * may be preempted, while other CPUs go on: a window of a few instructions becomes as wide as
 * several operations.
 */
#ifndef PREEMPTOR_H
#define PREEMPTOR_H

#include <stdint.h>

struct preemptor;

/**
 * preemptor_start() - begin to take CPUs away
 * @seed: for when, where and for how long
 *
 * Ends the sub-test as SETUP if there is no memory, or a thread cannot be started.
 *
 * Return: a handle; NULL if this process may not raise a priority (sched(7)): then nothing is
 * taken away.
 */
struct preemptor *preemptor_start(uint64_t seed);

/**
 * preemptor_stop() - end the threads
 * @p: the handle, or NULL
 */
void preemptor_stop(struct preemptor *p);

#endif /* PREEMPTOR_H */
