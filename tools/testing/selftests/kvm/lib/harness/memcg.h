/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A memory cgroup that the sub-tests of this program run in, one after the other: a page that
 * is charged to it while none of them runs has not been given back.
 *
 * Only where cgroup v2 is mounted, the root hands out its memory controller, and this process
 * may make a cgroup there; elsewhere nothing is done and nothing is known.
 */
#ifndef MEMCG_H
#define MEMCG_H

#include <stdbool.h>
#include <stddef.h>

/**
 * memcg_open() - make the cgroup, once for the program
 *
 * It is /sys/fs/cgroup/kvm-gmem-PID, and goes with memcg_close().
 */
void memcg_open(void);

/**
 * memcg_join() - move the calling process to the cgroup
 *
 * The process, and all that it starts, is charged there from now on.  A process that cannot be
 * moved is not charged, and nothing is missed.
 */
void memcg_join(void);

/**
 * memcg_stat() - read the cgroup's memory.stat (Documentation/admin-guide/cgroup-v2.rst)
 * @text: filled in, cut off if it does not fit
 * @size: bytes at @text
 *
 * Return: false if there is no cgroup, or memory.stat cannot be read.
 */
bool memcg_stat(char *text, size_t size);

/**
 * memcg_flush() - have the kernel bring memory.stat up to date
 *
 * The kernel does so by itself every two seconds, and for a reader only if there have been more
 * than MEMCG_CHARGE_BATCH changes for each CPU (memcg_vmstats_needs_flush() in mm/memcontrol.c):
 * a child makes as many and exits.
 */
void memcg_flush(void);

/**
 * memcg_close() - remove the cgroup
 */
void memcg_close(void);

#endif /* MEMCG_H */
