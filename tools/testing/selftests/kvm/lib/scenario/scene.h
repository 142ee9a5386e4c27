/* SPDX-License-Identifier: GPL-2.0-only */
/* What most tests begin with: a VM, a vCPU, and memory in one memslot at AGENT_TEST_GPA. */
#ifndef SCENE_H
#define SCENE_H

#include "machine/agent.h"
#include "memory/memory.h"

struct scene {
	struct vm *vm;
	struct agent *agent;
	struct memory *ram;
	enum memory_kind kind;
};

/**
 * scene_open() - create the VM, the vCPU and the memory
 * @kind: of memory, which decides about the VM's type
 * @size: of the memory, bytes
 *
 * Return: the scene; skips the sub-test if the kernel has no such type or memory.
 */
struct scene scene_open(enum memory_kind kind, uint64_t size);

/**
 * scene_open_on() - the same in a VM of another type than the memory asks for
 * @type: of the VM
 * @kind: of memory
 * @size: of the memory, bytes
 *
 * Return: the scene.
 */
struct scene scene_open_on(const struct vm_type *type, enum memory_kind kind, uint64_t size);

/**
 * scene_close() - give everything back
 * @s: the scene
 */
void scene_close(struct scene *s);

#endif /* SCENE_H */
