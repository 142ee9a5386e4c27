/* SPDX-License-Identifier: GPL-2.0-only */
/* In which pieces KVM has mapped guest memory. */
#ifndef MAPPINGS_H
#define MAPPINGS_H

#include "machine/vm.h"

#define MAPPINGS_LARGE	(2ull << 20)	/* bytes of a large piece, where pages have 4096 */

/**
 * mappings_large() - how many large pieces of memory are mapped by one entry each
 * @vm: the VM
 * @gpa: where the memory begins, a multiple of MAPPINGS_LARGE
 * @count: pieces in it
 *
 * x86: KVM's statistics, which count all that the VM has.  arm64: the stage 2 tables that the
 * kernel prints; skips the sub-test where it does not.
 *
 * Return: how many.
 */
uint64_t mappings_large(const struct vm *vm, uint64_t gpa, unsigned int count);

/**
 * mappings_rejoin() - do small pieces become large ones by themselves when logging ends?
 *
 * Return: true on x86 (kvm_mmu_recover_huge_pages()); false on arm64, where they wait until the
 * memory is unmapped for another reason.
 */
bool mappings_rejoin(void);

#endif /* MAPPINGS_H */
