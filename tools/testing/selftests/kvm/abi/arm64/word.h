/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How actors access the words that are tested, in the guest and on the host.
 *
 * Where the guest's access meets a hole, KVM can complete it only from the syndrome that
 * the CPU gives (ESR_EL2.ISV, Arm ARM D24.2.40): for a load or store of one register
 * without writeback, and for nothing else.  So loads and stores are spelt out.  An exchange
 * has no such syndrome: KVM exits with KVM_EXIT_ARM_NISV (api.rst, 5), the host answers with
 * an external abort, and the agent goes on where its table of fixups says.
 */
#ifndef WORD_ARCH_H
#define WORD_ARCH_H

#include <stdint.h>
#include "abi/cell.h"

/**
 * word_load() - read a word, without ordering
 * @word: the word, naturally aligned
 *
 * Return: its value.
 */
static inline uint64_t word_load(const uint64_t *word)
{
	uint64_t value;

	__asm__ volatile("ldr %0, %1" : "=r"(value) : "Q"(*word) : "memory");
	return value;
}

/**
 * word_store() - write a word, without ordering
 * @word: the word, naturally aligned
 * @value: what to write
 */
static inline void word_store(uint64_t *word, uint64_t value)
{
	__asm__ volatile("str %1, %0" : "=Q"(*word) : "r"(value) : "memory");
}

/**
 * word_exchange() - read and write a word atomically; a full barrier
 * @word: the word, naturally aligned
 * @value: what to write
 *
 * Return: the old value.
 */
#if __STDC_HOSTED__
static inline uint64_t word_exchange(uint64_t *word, uint64_t value)
{
	return __atomic_exchange_n(word, value, __ATOMIC_SEQ_CST);
}
#else
struct agent_fixup {
	uint64_t from;		/* address of an instruction that may meet a hole */
	uint64_t to;		/* where to go on then */
};

static inline uint64_t word_exchange(uint64_t *word, uint64_t value)
{
	uint64_t old;
	uint32_t busy;

	__asm__ volatile("1:	ldxr	%0, %2\n"
			 "2:	stlxr	%w1, %3, %2\n"
			 "	cbnz	%w1, 1b\n"
			 "	b	4f\n"
			 "3:	mov	%0, %4\n"
			 "4:	dmb	ish\n"
			 "	.pushsection .agent_fixup, \"a\"\n"
			 "	.quad	1b, 3b, 2b, 3b\n"
			 "	.popsection"
			 : "=&r"(old), "=&r"(busy), "+Q"(*word)
			 : "r"(value), "r"(WATCH_ABSENT) : "memory");
	return old;
}
#endif

#endif /* WORD_ARCH_H */
