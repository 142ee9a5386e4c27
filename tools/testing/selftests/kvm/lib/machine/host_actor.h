/* SPDX-License-Identifier: GPL-2.0-only */
/* A host thread that does to a mapping what a vCPU's agent does to guest memory. */
#ifndef HOST_ACTOR_H
#define HOST_ACTOR_H

#include <pthread.h>
#include "abi/agent_abi.h"

struct host_actor {
	pthread_t thread;
	struct watch *watch;
	uint32_t stop;
	int cpu;		/* see nodes_pin(); -1: do not pin */
	int signal;		/* that ended the loop, 0 if none did */
};

/**
 * host_actor_start() - start watch_run() in a thread
 * @w: what to watch, addresses in it are the host's
 * @cpu: see nodes_pin(), or -1 for any
 *
 * Return: the actor.
 */
struct host_actor *host_actor_start(struct watch *w, int cpu);

/**
 * host_actor_join() - stop the thread, wait for it and free it
 * @h: the actor
 *
 * Return: number of the signal that ended its loop, or 0.
 */
int host_actor_join(struct host_actor *h);

#endif /* HOST_ACTOR_H */
