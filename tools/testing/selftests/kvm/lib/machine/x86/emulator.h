/* SPDX-License-Identifier: GPL-2.0-only */
/* Is the CPU that KVM runs on itself emulated, and may therefore slip? See docs/emulator.md. */
#ifndef EMULATOR_H
#define EMULATOR_H

#include <stdbool.h>

/**
 * emulator_cpu() - is the CPU that KVM runs on emulated itself?
 *
 * Return: true if it calls itself TCG (/proc/cpuinfo).
 */
bool emulator_cpu(void);

#endif /* EMULATOR_H */
