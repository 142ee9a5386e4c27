/* SPDX-License-Identifier: GPL-2.0-only */
/* Anonymous memory of this process that is resident. */
#ifndef RESIDENT_H
#define RESIDENT_H

#include <stdint.h>
#include <stdio.h>

struct resident_range {
	uint64_t start, end;
};

/**
 * resident_sum() - add up the Anonymous: lines of a /proc/PID/smaps
 * @smaps: the file (Documentation/filesystems/proc.rst)
 * @skip: mappings that touch one of these do not count
 * @count: of @skip
 *
 * Return: bytes.
 */
uint64_t resident_sum(FILE *smaps, const struct resident_range *skip, unsigned int count);

/**
 * resident_without() - anonymous memory of this process that is resident
 * @skip: mappings that touch one of these do not count
 * @count: of @skip
 *
 * Return: bytes; 0 if /proc/self/smaps cannot be read.
 */
uint64_t resident_without(const struct resident_range *skip, unsigned int count);

#endif /* RESIDENT_H */
