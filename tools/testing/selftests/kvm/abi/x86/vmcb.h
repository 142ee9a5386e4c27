/* SPDX-License-Identifier: GPL-2.0-only */
/* The page by which a hypervisor runs a guest on AMD (APM volume 2, appendix B), in part. */
#ifndef X86_VMCB_H
#define X86_VMCB_H

#include <stdint.h>

struct vmcb_segment {
	uint16_t selector, attributes;
	uint32_t limit;
	uint64_t base;
};

struct vmcb {
	uint32_t intercepts[6];
	uint32_t reserved_018[12];
	uint64_t msr_bitmap;		/* 0x48; of 8 KiB */
	uint64_t reserved_050;
	uint32_t asid;			/* 0x58 */
	uint32_t tlb_control;		/* enum vmcb_flush */
	uint32_t reserved_060[4];
	uint64_t exit_code;		/* 0x70 */
	uint64_t exit_info[2];
	uint64_t exit_interrupt;
	uint64_t nested_paging;		/* 0x90 */
	uint64_t reserved_098[2];
	uint64_t event;			/* 0xa8 */
	uint64_t nested_root;		/* 0xb0 */
	uint64_t reserved_0b8[105];
	struct vmcb_segment es, cs, ss, ds, fs, gs, gdtr, ldtr, idtr, tr;	/* 0x400 */
	uint8_t reserved_4a0[43];
	uint8_t cpl;			/* 0x4cb */
	uint32_t reserved_4cc;
	uint64_t efer;			/* 0x4d0 */
	uint64_t reserved_4d8[14];
	uint64_t cr4, cr3, cr0, dr7, dr6, rflags, rip;	/* 0x548 */
	uint64_t reserved_580[11];
	uint64_t rsp;			/* 0x5d8 */
	uint64_t reserved_5e0[3];
	uint64_t rax;			/* 0x5f8 */
	uint64_t reserved_600[8];
	uint64_t cr2;			/* 0x640 */
	uint64_t reserved_648[4];
	uint64_t pat;			/* 0x668 */
	uint64_t reserved_670[306];
};

/* Word 3 and 4 of the intercepts. */
#define VMCB_INTERCEPT_MSR	(1u << 28)
#define VMCB_INTERCEPT_SHUTDOWN	(1u << 31)
#define VMCB_INTERCEPT_VMRUN	(1u << 0)
#define VMCB_INTERCEPT_STGI	(1u << 4)

#define VMCB_EXIT_MSR	0x7cu		/* exit_info[0]: 1 for a write */
#define VMCB_EXIT_STGI	0x84u
#define VMCB_EXIT_NPF	0x400u

enum vmcb_flush { VMCB_FLUSH_NONE = 0, VMCB_FLUSH_ALL = 1, VMCB_FLUSH_ASID = 3 };

/* #GP with error code 0, to be raised at VMRUN. */
#define VMCB_EVENT_GP	(13u | 3u << 8 | 1u << 11 | 1u << 31)

#endif /* X86_VMCB_H */
