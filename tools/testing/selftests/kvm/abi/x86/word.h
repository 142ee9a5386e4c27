/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How actors access the words that are tested, in the guest and on the host.  On x86 any
 * instruction will do: where it meets a hole, KVM emulates it.
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
	return __atomic_load_n(word, __ATOMIC_RELAXED);
}

/**
 * word_store() - write a word, without ordering
 * @word: the word, naturally aligned
 * @value: what to write
 */
static inline void word_store(uint64_t *word, uint64_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELAXED);
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
	return __atomic_exchange_n(word, value, __ATOMIC_SEQ_CST);
}

#endif /* WORD_ARCH_H */
