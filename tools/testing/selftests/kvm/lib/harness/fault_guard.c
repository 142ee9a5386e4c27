// SPDX-License-Identifier: GPL-2.0-only
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include "harness/fault_guard.h"
#include "harness/verdict.h"

struct guard {
	sigjmp_buf resume;
	struct fault_info info;
};

/* volatile: set and cleared around the access that the signal interrupts. */
static __thread struct guard *volatile current_guard;

static void fault_handler(int signal, siginfo_t *si, void *context)
{
	struct guard *g = current_guard;

	(void)context;
	if (!g)
		verdict_fail(VERDICT_CRASH, "unexpected signal %d (code %d) at address %p",
			     signal, si->si_code, si->si_addr);
	g->info = (struct fault_info){ signal, si->si_code, si->si_addr };
	siglongjmp(g->resume, 1);
}

static void install(void)
{
	/* SA_NODEFER: siglongjmp() below does not restore the mask, which is cheaper. */
	struct sigaction sa = {
		.sa_sigaction = fault_handler,
		.sa_flags = SA_SIGINFO | SA_NODEFER,
	};

	sigemptyset(&sa.sa_mask);
	sigaction(SIGBUS, &sa, NULL);
	sigaction(SIGSEGV, &sa, NULL);
}

void fault_guard_install(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, install);
}

int guarded_call(void (*fn)(void *), void *arg, struct fault_info *info)
{
	struct guard g, *outer = current_guard;

	g.info.signal = 0;
	if (!sigsetjmp(g.resume, 0)) {
		current_guard = &g;
		fn(arg);
	}
	current_guard = outer;
	if (info)
		*info = g.info;
	return g.info.signal;
}

struct word_access {
	volatile uint64_t *word;
	uint64_t value;
};

static void read_word(void *arg)
{
	struct word_access *a = arg;

	a->value = *a->word;
}

static void write_word(void *arg)
{
	struct word_access *a = arg;

	*a->word = a->value;
}

int guarded_read(const volatile uint64_t *word, uint64_t *value)
{
	struct word_access a = { (volatile uint64_t *)word, 0 };
	int signal = guarded_call(read_word, &a, NULL);

	if (!signal)
		*value = a.value;
	return signal;
}

int guarded_write(volatile uint64_t *word, uint64_t value)
{
	struct word_access a = { word, value };

	return guarded_call(write_word, &a, NULL);
}
