/* SPDX-License-Identifier: GPL-2.0-only */
/* What KVM counts about a VM: binary statistics (api.rst, 4.133). */
#ifndef STATISTICS_H
#define STATISTICS_H

#include "machine/vm.h"

/**
 * statistics_read() - read one of a VM's statistics
 * @vm: the VM
 * @name: as KVM calls it: "pages_2m"
 *
 * Return: its value, or the sum of its values; skips the sub-test if KVM has none of that name.
 */
uint64_t statistics_read(const struct vm *vm, const char *name);

#endif /* STATISTICS_H */
