/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How actors access the words that are tested, in the guest and on the host.  On x86 any
 * instruction will do: where it meets a hole, KVM emulates it.  An SNP guest does that itself, in
 * guest/x86/snp.c, and knows these three: the address in rsi, the value in rax, three bytes long.
 *
 * With kvm.force_emulation_prefix a guest may ask for emulation: by five bytes before the
 * instruction (arch/x86/include/asm/emulate_prefix.h, handle_ud()).  The agent does where
 * word_emulated says so.
 */
#ifndef WORD_ARCH_H
#define WORD_ARCH_H

#include <stdint.h>

#if __STDC_HOSTED__
#define WORD_ACCESS(instruction)	instruction
#else
/* Of all vCPUs alike: not 0 if KVM's emulator is to make the accesses. */
extern uint8_t word_emulated;
#define WORD_ACCESS(instruction)					\
	"cmpb $0, word_emulated; je 1f; ud2; .ascii \"kvm\"; 1: " instruction
#endif

/**
 * word_load() - read a word, without ordering
 * @word: the word, naturally aligned
 *
 * Return: its value.
 */
static inline uint64_t word_load(const uint64_t *word)
{
	uint64_t value;

	__asm__ volatile(WORD_ACCESS("movq (%1), %0")
			 : "=a"(value) : "S"(word), "m"(*word) : "cc");
	return value;
}

/**
 * word_store() - write a word, without ordering
 * @word: the word, naturally aligned
 * @value: what to write
 */
static inline void word_store(uint64_t *word, uint64_t value)
{
	__asm__ volatile(WORD_ACCESS("movq %2, (%1)")
			 : "=m"(*word) : "S"(word), "a"(value) : "cc");
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
	__asm__ volatile(WORD_ACCESS("xchgq %0, (%1)")
			 : "+a"(value) : "S"(word) : "cc", "memory");
	return value;
}

#endif /* WORD_ARCH_H */
