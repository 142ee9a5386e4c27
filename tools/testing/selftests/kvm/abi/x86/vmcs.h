/* SPDX-License-Identifier: GPL-2.0-only */
/* Fields of a VMCS and what is in them: Intel SDM volume 3, 24 to 28 and appendices A to C. */
#ifndef X86_VMCS_H
#define X86_VMCS_H

/* Segments and tables by number: fields of each are 2 apart. */
enum {
	VMCS_ES, VMCS_CS, VMCS_SS, VMCS_DS, VMCS_FS, VMCS_GS, VMCS_LDTR, VMCS_TR, VMCS_GDTR,
	VMCS_IDTR,
	VMCS_HOST_TR = VMCS_LDTR,	/* a host has no LDTR in its VMCS */
};

enum {
	VMCS_VPID		= 0x0000,
	VMCS_GUEST_SELECTOR	= 0x0800,
	VMCS_HOST_SELECTOR	= 0x0c00,
	VMCS_MSR_BITMAP		= 0x2004,
	VMCS_EPTP		= 0x201a,
	VMCS_GUEST_PHYSICAL	= 0x2400,
	VMCS_LINK		= 0x2800,
	VMCS_PINBASED		= 0x4000,
	VMCS_PROCBASED		= 0x4002,
	VMCS_EXIT		= 0x400c,
	VMCS_ENTRY		= 0x4012,
	VMCS_EVENT		= 0x4016,
	VMCS_EVENT_ERROR	= 0x4018,
	VMCS_SECONDARY		= 0x401e,
	VMCS_EXIT_REASON	= 0x4402,
	VMCS_GUEST_LIMIT	= 0x4800,
	VMCS_GUEST_ACCESS	= 0x4814,
	VMCS_QUALIFICATION	= 0x6400,
	VMCS_GUEST_CR0		= 0x6800,
	VMCS_GUEST_CR3		= 0x6802,
	VMCS_GUEST_CR4		= 0x6804,
	VMCS_GUEST_BASE		= 0x6806,
	VMCS_GUEST_DR7		= 0x681a,
	VMCS_GUEST_RIP		= 0x681e,
	VMCS_GUEST_RFLAGS	= 0x6820,
	VMCS_HOST_CR0		= 0x6c00,
	VMCS_HOST_CR3		= 0x6c02,
	VMCS_HOST_CR4		= 0x6c04,
	VMCS_HOST_GS_BASE	= 0x6c08,
	VMCS_HOST_GDTR_BASE	= 0x6c0c,
	VMCS_HOST_IDTR_BASE	= 0x6c0e,
};

/* Controls. */
#define VMX_MSR_BITMAPS		(1u << 28)
#define VMX_SECONDARY		(1u << 31)
#define VMX_EPT			(1u << 1)
#define VMX_VPID		(1u << 5)
#define VMX_EXIT_HOST_64	(1u << 9)
#define VMX_ENTRY_64		(1u << 9)

#define VMX_EVENT_GP		0x80000b0du	/* valid, with an error code, exception 13 */

#define VMX_EXIT_VMCALL		18u
#define VMX_EXIT_WRMSR		32u
#define VMX_EXIT_VIOLATION	48u

/* Qualification of a violation: a write; the address may be read, written or executed at all. */
#define VMX_VIOLATION_WRITE	(1ull << 1)
#define VMX_VIOLATION_MAPPED	(7ull << 3)

#define VMX_EPT_AD		(1ull << 21)	/* of IA32_VMX_EPT_VPID_CAP */
#define EPTP_WRITE_BACK		6ull
#define EPTP_WALK_4		(3ull << 3)
#define EPTP_AD			(1ull << 6)

/* Entries of an EPT. */
#define EPT_READ		(1ull << 0)
#define EPT_WRITE		(1ull << 1)
#define EPT_EXECUTE		(1ull << 2)
#define EPT_WRITE_BACK		(6ull << 3)
#define EPT_LARGE		(1ull << 7)
#define EPT_ACCESSED		(1ull << 8)
#define EPT_DIRTY		(1ull << 9)

#endif /* X86_VMCS_H */
