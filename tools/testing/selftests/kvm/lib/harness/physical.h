/* SPDX-License-Identifier: GPL-2.0-only */
/* Physical memory, whoever has it or nobody: /proc/self/pagemap and /proc/kcore. */
#ifndef PHYSICAL_H
#define PHYSICAL_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct physical_view - what has to be known to look at an address of physical memory
 * @fd: of /proc/kcore
 * @address: bytes
 * @offset: of the address in the file, or negative: it is not there
 */
struct physical_view {
	int fd;
	uint64_t address;
	int64_t offset;
};

/**
 * physical_address() - where the page behind an address is
 * @address: mapped, and touched
 *
 * Return: its physical address, bytes; skips the sub-test if the kernel does not tell.
 */
uint64_t physical_address(const void *address);

/**
 * physical_open() - be ready to look at physical memory
 * @address: bytes
 *
 * Looking takes no memory then: what lies in a page that was just freed is still there.
 *
 * Return: for physical_copy(), to be closed; skips the sub-test if there is no /proc/kcore.
 */
struct physical_view physical_open(uint64_t address);

/**
 * physical_copy() - copy what is there; skips the sub-test if /proc/kcore leaves it out
 * @view: of physical_open()
 * @to: room for @size bytes
 * @size: bytes, from the view's address on
 */
void physical_copy(const struct physical_view *view, void *to, size_t size);

/**
 * physical_close() - look no more
 * @view: of physical_open()
 */
void physical_close(const struct physical_view *view);

/**
 * physical_read() - read a word of physical memory
 * @address: a multiple of 8, of RAM
 *
 * Return: the word; skips the sub-test if there is no /proc/kcore, or it leaves the page out.
 */
uint64_t physical_read(uint64_t address);

#endif /* PHYSICAL_H */
