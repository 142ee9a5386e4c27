/* SPDX-License-Identifier: GPL-2.0-only */
/* A vCPU in 32-bit protected mode that does one thing at a time (abi/x86/legacy.h). */
#ifndef LEGACY_VCPU_H
#define LEGACY_VCPU_H

#include "machine/vcpu.h"
#include "scenario/x86/legacy_tables.h"

/* Where a load finds no memory. */
#define LEGACY_ABSENT	0xab5e47abu

struct legacy_vcpu {
	struct vcpu *vcpu;
	uint64_t code;		/* control address: code, then the descriptor tables */
	uint64_t stack;		/* its end */
};

/* What came of it. */
struct legacy_result {
	bool fault;		/* a page fault */
	uint32_t value;		/* that was loaded */
	uint32_t error;		/* its error code */
	uint32_t address;	/* its linear address */
};

/**
 * legacy_vcpu_create() - create a vCPU
 * @v: filled in
 * @t: the tables that it pages with, by their first root
 * @id: of the vCPU
 */
void legacy_vcpu_create(struct legacy_vcpu *v, const struct legacy_tables *t, unsigned int id);

/**
 * legacy_vcpu_destroy() - close it
 * @v: the vCPU
 */
void legacy_vcpu_destroy(struct legacy_vcpu *v);

/**
 * legacy_do() - run one step of a vCPU
 * @v: the vCPU
 * @step: where it starts: legacy_load and the like
 * @value: EAX
 * @address: EBX
 *
 * Loads from a hole find LEGACY_ABSENT.
 *
 * Return: what came of it; ends the sub-test if that is neither the end nor a page fault.
 */
struct legacy_result legacy_do(struct legacy_vcpu *v, const uint8_t *step, uint32_t value,
			       uint32_t address);

#endif /* LEGACY_VCPU_H */
