/* SPDX-License-Identifier: GPL-2.0-only */
/* The arm64 half of the agent's ABI. */
#ifndef ARM64_AGENT_ARCH_H
#define ARM64_AGENT_ARCH_H

/* A store to this address is the doorbell: no memslot ever, mapped as a device. */
#define AGENT_DOORBELL_GPA	0x8000000ull

/*
 * SMCCC function that asks for a conversion: x1 = gpa, x2 = size in bytes, x3 = 1 to
 * private, 0 to shared; x0 returns 0 or a negative errno.  A 64-bit fast call of the
 * vendor-specific hypervisor service, of a number that KVM leaves free; the host has it
 * forwarded by KVM_ARM_VM_SMCCC_FILTER.
 */
#define AGENT_SMCCC_CONVERT	0xc6000f00u

/* Exception class of an ESR_ELx. */
#define AGENT_EC(esr)		((esr) >> 26 & 0x3f)

#endif /* ARM64_AGENT_ARCH_H */
