// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include "abi/x86/agent_arch.h"
#include "abi/x86/tdx.h"

/* Flat segments, accessed already (Intel SDM, volume 3, 3.4.5). */
#define CODE_64		0x00af9b000000ffffull
#define DATA_FLAT	0x00cf93000000ffffull

#define XFAM_X87_SSE	3u

/* The leaf of address widths: EAX 23:16 is the guest's. */
#define LEAF_WIDTHS	0x80000008u
#define WIDTH_SHIFT	16
#define WIDTH_MASK	(0xffu << WIDTH_SHIFT)

/* Refused by KVM for TDX guests (tdx_unsupported_cpuid() in vmx/tdx.c): HLE, RTM; WAITPKG. */
#define LEAF_7_EBX_TSX		(1u << 4 | 1u << 11)
#define LEAF_7_ECX_WAITPKG	(1u << 5)

void tdx_reset_fill(void *page, uint64_t root, uint64_t entry)
{
	struct tdx_reset *reset = page;

	memcpy(page, tdx_reset_page, sizeof(tdx_reset_page));
	reset->gdt[AGENT_SELECTOR_CODE / 8] = CODE_64;
	reset->gdt[AGENT_SELECTOR_DATA / 8] = DATA_FLAT;
	reset->gdt_limit = sizeof(reset->gdt) - 1;
	reset->gdt_base = TDX_RESET_GPA;
	reset->root = root;
	reset->entry = entry;
}

void tdx_reset_vcpu(void *page, unsigned int vcpu, uint64_t stack, uint64_t mailbox)
{
	struct tdx_reset *reset = page;

	reset->vcpus[vcpu].stack = stack;
	reset->vcpus[vcpu].mailbox = mailbox;
}

static const struct tdx_leaf_bits *find(const struct tdx_leaves *leaves, uint32_t function,
					uint32_t index)
{
	uint32_t i;

	for (i = 0; i < leaves->count; i++)
		if (leaves->leaf[i].function == function && leaves->leaf[i].index == index)
			return &leaves->leaf[i];
	return NULL;
}

int tdx_init_vm_fill(struct tdx_init_vm *init, const struct tdx_capabilities *caps,
		     const struct tdx_leaves *cpu)
{
	int widths = -1;
	uint32_t i;

	init->xfam = caps->xfam & XFAM_X87_SSE;
	init->leaves.count = caps->leaves.count;
	for (i = 0; i < caps->leaves.count; i++) {
		const struct tdx_leaf_bits *may = &caps->leaves.leaf[i];
		const struct tdx_leaf_bits *has = find(cpu, may->function, may->index);
		struct tdx_leaf_bits *leaf = &init->leaves.leaf[i];

		*leaf = *may;
		leaf->eax &= has ? has->eax : 0;
		leaf->ebx &= has ? has->ebx : 0;
		leaf->ecx &= has ? has->ecx : 0;
		leaf->edx &= has ? has->edx : 0;
		if (may->function == 7 && !may->index) {
			leaf->ebx &= ~LEAF_7_EBX_TSX;
			leaf->ecx &= ~LEAF_7_ECX_WAITPKG;
		}
		if (may->function == LEAF_WIDTHS) {
			leaf->eax = (leaf->eax & ~WIDTH_MASK) | TDX_GPAW << WIDTH_SHIFT;
			widths = 0;
		}
	}
	return widths;
}
