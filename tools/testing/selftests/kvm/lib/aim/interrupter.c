// SPDX-License-Identifier: GPL-2.0-only
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include "aim/interrupter.h"
#include "harness/verdict.h"

/* The victim is to get something done between two signals. */
#define IDLE_NS	200000

struct interrupter {
	pthread_t victim, thread;
	bool stop;
};

static void on_signal(int signal)
{
	(void)signal;
}

static void *interrupt(void *arg)
{
	struct interrupter *i = arg;
	const struct timespec idle = { .tv_nsec = IDLE_NS };

	while (!__atomic_load_n(&i->stop, __ATOMIC_RELAXED)) {
		pthread_kill(i->victim, SIGUSR1);
		nanosleep(&idle, NULL);
	}
	return NULL;
}

struct interrupter *interrupter_start(void)
{
	struct interrupter *i = calloc(1, sizeof(*i));
	struct sigaction sa = { .sa_handler = on_signal };

	verdict_require(i, "out of memory");
	i->victim = pthread_self();
	sigaction(SIGUSR1, &sa, NULL);
	verdict_require(!pthread_create(&i->thread, NULL, interrupt, i), "thread");
	return i;
}

void interrupter_stop(struct interrupter *i)
{
	__atomic_store_n(&i->stop, true, __ATOMIC_RELAXED);
	pthread_join(i->thread, NULL);
	free(i);
}
