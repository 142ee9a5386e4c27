/* SPDX-License-Identifier: GPL-2.0-only */
/* A process that waits for what will not come. */
#ifndef BLOCKED_H
#define BLOCKED_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/**
 * blocked_still() - is a process blocked in the kernel since the last look?
 * @pid: the process
 * @ticks: CPU time that its threads had used at the last look; set to that of now
 *
 * It is if each of its threads sleeps, at least one of them uninterruptibly, and none has used CPU
 * time meanwhile (proc(5), /proc/PID/stat, fields 3, 14 and 15).  A machine that is slow lets
 * threads wait for a CPU; these are runnable.
 *
 * Return: true if it is; false also if its threads cannot be looked at.
 */
bool blocked_still(pid_t pid, uint64_t *ticks);

#endif /* BLOCKED_H */
