/* SPDX-License-Identifier: GPL-2.0-only */
/* A thread that interrupts another one's system calls, again and again. */
#ifndef INTERRUPTER_H
#define INTERRUPTER_H

struct interrupter;

/**
 * interrupter_start() - begin to send SIGUSR1 to the calling thread
 *
 * The signal's handler does nothing from now on. Ends the sub-test as SETUP if there is no memory,
 * or no thread.
 *
 * Return: a handle.
 */
struct interrupter *interrupter_start(void);

/**
 * interrupter_stop() - end the thread
 * @i: the handle
 */
void interrupter_stop(struct interrupter *i);

#endif /* INTERRUPTER_H */
