/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The watchdog of a sub-test's process.  Its measure is progress, not time: a slow
 * machine makes slow progress, a hang makes none.
 */
#ifndef HANG_H
#define HANG_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Seconds without any progress after which a sub-test hangs; KVM_GMEM_HANG overrides. */
#define HANG_SECONDS	60
/* This part of it is enough if all threads wait in the kernel and none runs: see blocked.h. */
#define HANG_BLOCKED	4

/**
 * struct hang_watch - what a child tells its watchdog, in memory that both share
 * @progress: raised when something moved
 * @patience: milliseconds without progress after which the child hangs, if that is known
 *            better than HANG_SECONDS; 0: it is not
 */
struct hang_watch {
	uint64_t progress;
	uint32_t patience;
};

/**
 * hang_wait() - wait for a child, kill it if it hangs
 * @pid: the child
 * @watch: what the child says of itself; looked at once a second, or ten times within its patience
 * @status: as waitpid() sets it
 *
 * $KVM_GMEM_HANG stretches the patience of a child as it does HANG_SECONDS.
 *
 * Return: true if the child hung and was killed; hang_text() then says where its
 * threads were.
 */
bool hang_wait(pid_t pid, const struct hang_watch *watch, int *status);

/**
 * hang_text() - what the last child that hung was doing
 *
 * Return: lines: what KVM counted within a second (debugfs), if the child had a VM; each thread
 * with its kernel stack; then some of KVM's trace events.  Empty if no child hung.
 */
const char *hang_text(void);

/**
 * arch_hang_is_slip() - does an emulated CPU, not KVM, hold the child up?
 * @text: of hang_text()
 *
 * An architecture that can tell defines it (docs/emulator.md); elsewhere the runner's own, weak
 * one excuses nothing.
 *
 * Return: true if @text proves it.
 */
bool arch_hang_is_slip(const char *text);

#endif /* HANG_H */
