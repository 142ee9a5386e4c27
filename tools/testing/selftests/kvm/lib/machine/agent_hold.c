// SPDX-License-Identifier: GPL-2.0-only
/* Keep a vCPU out of the guest, wherever it was. */
#include <signal.h>
#include "machine/agent_parts.h"

void agent_hold(struct agent *a)
{
	pthread_mutex_lock(&a->lock);
	__atomic_store_n(&a->hold.wanted, true, __ATOMIC_RELAXED);
	/*
	 * Whether the signal comes before KVM_RUN or in it, that fails with EINTR: api.rst, 5,
	 * "immediate_exit".
	 */
	__atomic_store_n(&a->vcpu->run->immediate_exit, 1, __ATOMIC_RELEASE);
	pthread_kill(a->thread, SIGUSR1);
	while (a->state == AGENT_THREAD_BUSY && !a->hold.out)
		pthread_cond_wait(&a->changed, &a->lock);
	pthread_mutex_unlock(&a->lock);
}

void agent_let_go(struct agent *a)
{
	pthread_mutex_lock(&a->lock);
	__atomic_store_n(&a->vcpu->run->immediate_exit, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&a->hold.wanted, false, __ATOMIC_RELAXED);
	pthread_cond_broadcast(&a->changed);
	pthread_mutex_unlock(&a->lock);
}

void agent_stay_out(struct agent *a)
{
	if (!__atomic_load_n(&a->hold.wanted, __ATOMIC_RELAXED))
		return;
	pthread_mutex_lock(&a->lock);
	a->hold.out = true;
	pthread_cond_broadcast(&a->changed);
	while (a->hold.wanted)
		pthread_cond_wait(&a->changed, &a->lock);
	a->hold.out = false;
	pthread_mutex_unlock(&a->lock);
}
