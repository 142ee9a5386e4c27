/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page by which an SNP guest asks the hypervisor for things (AMD 56421, "GHCB", version 2):
 * numbers of quadwords, which are those of their bits of validity, too, exit codes and answers.
 */
#ifndef X86_GHCB_H
#define X86_GHCB_H

#include <stdint.h>

enum ghcb_field {
	GHCB_CPL = 0x0c8 / 8,		/* in the upper bytes */
	GHCB_RAX = 0x1f8 / 8,
	GHCB_RCX = 0x308 / 8,
	GHCB_RDX = 0x310 / 8,
	GHCB_RBX = 0x318 / 8,
	GHCB_EXIT_CODE = 0x390 / 8,
	GHCB_INFO_1 = 0x398 / 8,
	GHCB_INFO_2 = 0x3a0 / 8,
	GHCB_SCRATCH = 0x3a8 / 8,
	GHCB_VALID = 0x3f0 / 8,		/* two quadwords of such bits */
	GHCB_BUFFER = 0x800 / 8,
	GHCB_BUFFER_END = 0xff0 / 8,
	GHCB_VERSION = 0xff8 / 8,	/* bits 16 to 31 protocol version, 32 to 63 usage */
	GHCB_QUADWORDS = 512,
};

#define GHCB_VERSION_2	(2ull << 16)

enum ghcb_exit {
	GHCB_CPUID = 0x72,
	GHCB_IOIO = 0x7b,
	GHCB_MSR = 0x7c,
	GHCB_VMMCALL = 0x81,
	GHCB_MMIO_READ = 0x80000001,
	GHCB_MMIO_WRITE = 0x80000002,
	GHCB_PSC = 0x80000010,
	GHCB_GUEST_REQUEST = 0x80000011,
	GHCB_EXTENDED_REQUEST = 0x80000012,
	GHCB_AP_CREATION = 0x80000013,
	GHCB_FEATURES = 0x8000fffd,
};

/* The low half of GHCB_INFO_1 in an answer that refuses; GHCB_INFO_2 says why. */
#define GHCB_MALFORMED	2u

enum ghcb_reason {
	GHCB_NOT_REGISTERED = 1,
	GHCB_BAD_USAGE,
	GHCB_BAD_SCRATCH,
	GHCB_MISSING_INPUT,
	GHCB_BAD_INPUT,
	GHCB_BAD_EVENT,
};

/* Requests by the MSR alone: 12 bits, the answer one higher. */
#define GHCB_MSR_NUMBER		0xc0010130u
#define GHCB_MSR_INFO		0x002ull
#define GHCB_MSR_CPUID		0x004ull
#define GHCB_MSR_PREFERRED	0x010ull
#define GHCB_MSR_REGISTER	0x012ull
#define GHCB_MSR_PAGE_STATE	0x014ull
#define GHCB_MSR_FEATURES	0x080ull
#define GHCB_MSR_TERMINATE	0x100ull
#define GHCB_MSR_MASK		0xfffull

/* Page states, and a page's entry in the buffer: header {cur, end, 0}, then up to 253 of them. */
#define PSC_PRIVATE	1ull
#define PSC_SHARED	2ull
#define PSC_ENTRIES	253u
#define PSC_2M		(1ull << 56)
#define PSC_ENTRY(gpa, op, done)	((gpa) | (uint64_t)(op) << 52 | (done))
#define PSC_HEADER(current, end)	((current) | (uint64_t)(end) << 16)

/* GHCB_INFO_2 of a page state change that was refused. */
#define PSC_BAD_HEADER	(1ull << 32 | 1)
#define PSC_BAD_ENTRY	(1ull << 32 | 2)
#define PSC_FAILED	(0x100ull << 32)

/* What GHCB_AP_CREATION asks for. */
#define AP_CREATE_ON_INIT	0ull
#define AP_CREATE		1ull
#define AP_DESTROY		2ull

#endif /* X86_GHCB_H */
