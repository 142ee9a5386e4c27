/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How actors access the words that are tested, in the guest and on the host.  On x86 any
 * instruction will do: where it meets a hole, KVM emulates it.  An SNP guest does that itself, in
 * guest/x86/snp.c, and knows these three: the address in rsi, the value in rax, three bytes long.
 */
#ifndef WORD_ARCH_H
#define WORD_ARCH_H

#include <stdint.h>

/**
 * word_load() - read a word, without ordering
 * @word: the word, naturally aligned
 *
 * Return: its value.
 */
static inline uint64_t word_load(const uint64_t *word)
{
	uint64_t value;

	__asm__ volatile("movq (%1), %0" : "=a"(value) : "S"(word), "m"(*word));
	return value;
}

/**
 * word_store() - write a word, without ordering
 * @word: the word, naturally aligned
 * @value: what to write
 */
static inline void word_store(uint64_t *word, uint64_t value)
{
	__asm__ volatile("movq %2, (%1)" : "=m"(*word) : "S"(word), "a"(value));
}

/**
 * word_exchange() - read and write a word atomically; a full barrier
 * @word: the word, naturally aligned
 * @value: what to write
 *
 * Return: the old value.
 */
static inline uint64_t word_exchange(uint64_t *word, uint64_t value)
{
	__asm__ volatile("xchgq %0, (%1)" : "+a"(value) : "S"(word) : "memory");
	return value;
}

#endif /* WORD_ARCH_H */
