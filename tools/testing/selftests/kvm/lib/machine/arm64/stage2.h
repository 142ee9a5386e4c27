/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stage 2 page tables of a VM, as the kernel prints them
 * (/sys/kernel/debug/kvm/PID-FD/stage2_page_tables, CONFIG_PTDUMP_STAGE2_DEBUGFS).
 */
#ifndef STAGE2_H
#define STAGE2_H

#include <stdbool.h>
#include "machine/vm.h"

struct stage2_entry {
	bool mapped;
	bool writable;
	bool block;		/* more than a page by one entry */
};

/**
 * stage2_lookup() - the entry that translates an address
 * @vm: the VM
 * @gpa: bytes
 *
 * Skips the sub-test where the kernel does not print the tables.
 *
 * Return: the entry.
 */
struct stage2_entry stage2_lookup(const struct vm *vm, uint64_t gpa);

#endif /* STAGE2_H */
