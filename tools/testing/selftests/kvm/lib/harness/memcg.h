/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A memory cgroup that the sub-tests of this program run in, one after the other: what is
 * charged to it when none of them runs has not been given back.
 *
 * Only where cgroup v2 is mounted, the root hands out its memory controller, and this process
 * may make a cgroup there; elsewhere nothing is done and nothing is known.
 */
#ifndef MEMCG_H
#define MEMCG_H

#include <stdbool.h>
#include <stddef.h>

/* Make the cgroup, once for the program; it goes with memcg_close(). */
void memcg_open(void);

/* The calling process, and what it starts, is charged there from now on. */
void memcg_join(void);

/* Its memory.stat (Documentation/admin-guide/cgroup-v2.rst); false if there is no cgroup. */
bool memcg_stat(char *text, size_t size);

/*
 * Have the kernel bring memory.stat up to date.  It does so by itself every two seconds, and for
 * a reader only if there have been enough changes (memcg_vmstats_needs_flush() in
 * mm/memcontrol.c): a child makes as many and exits.
 */
void memcg_flush(void);

/* Remove it. */
void memcg_close(void);

#endif /* MEMCG_H */
