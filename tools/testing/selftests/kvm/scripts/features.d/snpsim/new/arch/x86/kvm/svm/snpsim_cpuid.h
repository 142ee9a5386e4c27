/* SPDX-License-Identifier: GPL-2.0-only */
/* Put before cpuid.c: what the modelled machine says of itself. */
#ifndef SNPSIM_CPUID_H
#define SNPSIM_CPUID_H

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/kvm_host.h>
#include <asm/processor.h>
#include <asm/cpuid/api.h>

#define SNPSIM_LEAF	0x8000001f

/* SEV, SEV-ES, SNP; the C-bit's position; ASIDs (snpsim.h). */
static inline void snpsim_cpuid_count(u32 leaf, u32 index, u32 *a, u32 *b, u32 *c, u32 *d)
{
	cpuid_count(leaf, index, a, b, c, d);
	if (leaf == 0x80000000)
		*a = max_t(u32, *a, SNPSIM_LEAF);
	if (leaf == SNPSIM_LEAF) {
		*a = BIT(1) | BIT(3) | BIT(4);
		*b = 47;
		*c = 255;
		*d = 128;
	}
}

static inline u32 snpsim_cpuid_eax(u32 leaf)
{
	return leaf == 0x80000000 ? max_t(u32, cpuid_eax(leaf), SNPSIM_LEAF) : cpuid_eax(leaf);
}

#define cpuid_count	snpsim_cpuid_count
#define cpuid_eax	snpsim_cpuid_eax

#endif
