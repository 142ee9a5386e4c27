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

/**
 * fault_guard_install() - install the handlers for the process
 *
 * Further calls do nothing.  The runner does it for each sub-test.
 */
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

/**
 * guarded_read() - read one 8-byte word
 * @word: the word, naturally aligned
 * @value: its value; left alone if the read got a signal
 *
 * Return: 0, or the number of the signal.
 */
int guarded_read(const volatile uint64_t *word, uint64_t *value);

/**
 * guarded_write() - write one 8-byte word
 * @word: the word, naturally aligned
 * @value: what to write
 *
 * Return: 0, or the number of the signal.
 */
int guarded_write(volatile uint64_t *word, uint64_t value);

#endif /* FAULT_GUARD_H */
