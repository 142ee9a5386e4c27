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

/**
 * hang_wait() - wait for a child, kill it if it hangs
 * @pid: the child
 * @progress: a counter in shared memory that the child raises
 * @status: as waitpid() sets it
 *
 * Return: true if the child hung and was killed; hang_text() then says where its
 * threads were.
 */
bool hang_wait(pid_t pid, const uint64_t *progress, int *status);

/* What the threads of the last hung child were doing, one per line. */
const char *hang_text(void);

/*
 * Does the text prove that an emulated CPU, not KVM, holds the child up?  Defined by an
 * architecture that can tell (docs/emulator.md); elsewhere nothing is ever excused.
 */
bool arch_hang_is_slip(const char *text);

#endif /* HANG_H */
