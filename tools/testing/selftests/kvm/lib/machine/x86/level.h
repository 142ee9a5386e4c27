/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where agents run: --level l2 and l2-npt (nested.h), smm (smm.h); emulator: their accesses to test
 * memory are made by KVM's emulator (forced_emulation.h).
 */
#ifndef LEVEL_H
#define LEVEL_H

#include "machine/vm.h"

/**
 * vm_level() - where --level wants agents to run
 *
 * Return: the level.
 */
enum vm_level vm_level(void);

/**
 * vm_level_choose() - have agents run somewhere, whatever --level says
 * @vm: the VM
 * @level: of the agents that are created from now on
 *
 * Skips the sub-test if --level was given: such sub-tests have no use for it.
 */
void vm_level_choose(struct vm *vm, enum vm_level level);

#endif /* LEVEL_H */
