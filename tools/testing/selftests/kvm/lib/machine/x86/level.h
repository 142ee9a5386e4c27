/* SPDX-License-Identifier: GPL-2.0-only */
/* Where agents run: --level l2 and l2-npt (nested.h), smm (smm.h). */
#ifndef LEVEL_H
#define LEVEL_H

#include "machine/vm.h"

/**
 * vm_level() - where --level wants agents to run
 *
 * Return: the level.
 */
enum vm_level vm_level(void);

#endif /* LEVEL_H */
