/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How an agent starts in system management mode: a vCPU that is told to enter it (KVM_SMI) goes on
 * at SMM_ENTRY in 16-bit mode, without paging.  The code there, smm_entry.S, takes it to 64-bit
 * mode and to the agent by what the MSR KERNEL_GS_BASE points to.
 */
#ifndef X86_SMM_H
#define X86_SMM_H

#include <stdint.h>

/* Where it is at reset (Intel SDM, volume 3, 33.4; AMD APM, volume 2, 10.3.1): 64 KiB. */
#define SMM_BASE	0x30000ull
#define SMM_SIZE	0x10000ull
#define SMM_ENTRY	0x8000ull	/* bytes into it */

/* Of a vCPU, in the control memslot; offsets are smm_entry.S's. */
struct smm_start {
	uint64_t gdt[3];
	uint16_t gdt_limit;		/* 0x18 */
	uint32_t gdt_base;
	uint16_t reserved;
	uint64_t root;			/* 0x20: of the page tables, below 4 GiB */
	uint64_t entry;			/* 0x28: of the agent */
	uint64_t stack, mailbox;	/* 0x30, 0x38 */
} __attribute__((packed));

extern const uint8_t smm_entry[], smm_entry_end[];

#endif /* X86_SMM_H */
