/* SPDX-License-Identifier: GPL-2.0-only */
/* Private memory of a confidential VM without an agent, which is about to be launched. */
#ifndef BARE_MEMORY_H
#define BARE_MEMORY_H

#include "machine/memslot.h"

/**
 * bare_memory_add() - give a VM private memory in its first memslot
 * @vm: the VM
 * @gpa: where, bytes
 * @size: bytes
 *
 * Return: the memslot, whose shared side holds what is to be launched; the caller closes the file
 * and unmaps that.
 */
struct memslot bare_memory_add(struct vm *vm, uint64_t gpa, uint64_t size);

#endif /* BARE_MEMORY_H */
