/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GUEST_MSR_H
#define GUEST_MSR_H

#include <stdint.h>

/**
 * wrmsr() - WRMSR
 * @msr: number
 * @value: what
 */
static inline void wrmsr(uint32_t msr, uint64_t value)
{
	__asm__ volatile("wrmsr" :: "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)));
}

/**
 * rdmsr() - RDMSR
 * @msr: number
 *
 * Return: its value.
 */
static inline uint64_t rdmsr(uint32_t msr)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (uint64_t)high << 32 | low;
}

#endif /* GUEST_MSR_H */
