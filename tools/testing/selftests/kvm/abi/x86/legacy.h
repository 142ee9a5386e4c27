/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a vCPU in 32-bit protected mode runs instead of the agent: one access, or one step of its
 * own, by what the host has put into EAX and EBX, then OUT.
 */
#ifndef X86_LEGACY_H
#define X86_LEGACY_H

#include <stdint.h>

#define LEGACY_DONE	0x5au	/* port: EAX holds what a load found */
#define LEGACY_FAULT	0x5bu	/* port: ECX holds a page fault's error code, EDX its address */

extern const uint8_t legacy_code[], legacy_code_end[];

/* Where it starts. */
extern const uint8_t legacy_load[];	/* EAX = *EBX */
extern const uint8_t legacy_store[];	/* *EBX = EAX */
extern const uint8_t legacy_invlpg[];	/* of EBX */
extern const uint8_t legacy_cr3[];	/* CR3 = EAX */
extern const uint8_t legacy_fault[];	/* handler of page faults */

#endif /* X86_LEGACY_H */
