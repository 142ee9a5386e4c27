/* SPDX-License-Identifier: GPL-2.0-only */
/* Physical memory, whoever has it or nobody: /proc/self/pagemap and /proc/kcore. */
#ifndef PHYSICAL_H
#define PHYSICAL_H

#include <stdint.h>

/**
 * physical_address() - where the page behind an address is
 * @address: mapped, and touched
 *
 * Return: its physical address, bytes; skips the sub-test if the kernel does not tell.
 */
uint64_t physical_address(const void *address);

/**
 * physical_read() - read a word of physical memory
 * @address: a multiple of 8, of RAM
 *
 * Return: the word; skips the sub-test if there is no /proc/kcore, or it leaves the page out.
 */
uint64_t physical_read(uint64_t address);

#endif /* PHYSICAL_H */
