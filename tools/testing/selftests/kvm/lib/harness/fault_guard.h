/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Touching memory that may not be there, from any number of threads at once.
 *
 * Each thread has its own recovery point; the handler is installed once and never
 * swapped.  A SIGBUS or SIGSEGV outside a guard ends the sub-test as CRASH.
 *
 *	if (guarded_read(&word, &value))
 *		... the access got a signal
 */
#ifndef FAULT_GUARD_H
#define FAULT_GUARD_H

#include <stdint.h>

struct fault_info {
	int signal;		/* 0: no fault */
	int code;		/* si_code, e.g. BUS_ADRERR, BUS_MCEERR_AR */
	void *address;
};

/* Install the handlers for the process.  Idempotent. */
void fault_guard_install(void);

/**
 * guarded_call() - run @fn(@arg), surviving SIGBUS and SIGSEGV
 * @fn: touches memory; must not take locks or allocate, it may never return
 * @arg: its argument
 * @info: if not NULL, what the signal said
 *
 * Return: 0, or the number of the signal.
 */
int guarded_call(void (*fn)(void *), void *arg, struct fault_info *info);

/* Read or write one 8-byte word; 0 or the signal's number. */
int guarded_read(const volatile uint64_t *word, uint64_t *value);
int guarded_write(volatile uint64_t *word, uint64_t value);

#endif /* FAULT_GUARD_H */
