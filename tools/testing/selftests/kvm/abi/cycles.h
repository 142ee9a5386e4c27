/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A fast clock that measures durations on one CPU.  Host and guest; freestanding.  Readings
 * of two CPUs are never compared: they may differ by anything.
 */
#ifndef CYCLES_H
#define CYCLES_H

#include <stdint.h>

/**
 * cycles_now() - read the time stamp counter, or the architected timer
 *
 * The reading is not ordered with accesses to memory.
 *
 * Return: ticks; on arm64 a vCPU may read less than before, because KVM sets the counter of all
 * vCPUs of a VM back when it creates one (kvm_timer_vcpu_init() in arch/arm64/kvm/arch_timer.c).
 */
static inline uint64_t cycles_now(void)
{
#if defined(__x86_64__)
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
#elif defined(__aarch64__)
	uint64_t value;

	__asm__ volatile("isb; mrs %0, cntvct_el0" : "=r"(value) :: "memory");
	return value;
#else
#error "no cycle counter for this architecture"
#endif
}

/**
 * cycles_relax() - tell the CPU that it spins
 */
static inline void cycles_relax(void)
{
#if defined(__x86_64__)
	__asm__ volatile("pause" ::: "memory");
#elif defined(__aarch64__)
	__asm__ volatile("yield" ::: "memory");
#endif
}

#endif /* CYCLES_H */
