/* SPDX-License-Identifier: GPL-2.0-only */
/* kvmclock: the structure that KVM writes into guest memory, and what makes it write. */
#ifndef X86_PVCLOCK_H
#define X86_PVCLOCK_H

#include <stdbool.h>
#include "machine/vcpu.h"

/* struct pvclock_vcpu_time_info of arch/x86/include/asm/pvclock-abi.h; may lie at any address. */
struct pvclock {
	uint32_t version;		/* odd while KVM writes the rest */
	uint32_t pad;
	uint64_t tsc_timestamp;
	uint64_t system_time;		/* nanoseconds */
	uint32_t tsc_to_system_mul;
	int8_t tsc_shift;
	uint8_t flags;			/* PVCLOCK_* */
	uint8_t pad2[2];
} __attribute__((packed));

#define PVCLOCK_GUEST_STOPPED	(1 << 1)

#ifndef MSR_KVM_SYSTEM_TIME
#define MSR_KVM_SYSTEM_TIME	0x12
#endif
#ifndef MSR_KVM_SYSTEM_TIME_NEW
#define MSR_KVM_SYSTEM_TIME_NEW	0x4b564d01
#endif
#define PVCLOCK_ENABLE		1ull	/* bit 0 of both MSRs */

/**
 * __pvclock_msr_set() - KVM_SET_MSRS of one of the two MSRs
 * @vcpu: the vCPU
 * @msr: MSR_KVM_SYSTEM_TIME or MSR_KVM_SYSTEM_TIME_NEW
 * @value: guest physical address | PVCLOCK_ENABLE, or 0
 *
 * Return: 0 if KVM took it, which says nothing about the address (msrs.c,
 * kvm_write_system_time()); -EINVAL if KVM does not have the MSR.
 */
int __pvclock_msr_set(struct vcpu *vcpu, uint32_t msr, uint64_t value);

/**
 * pvclock_msr_get() - read one of the two MSRs (KVM_GET_MSRS)
 * @vcpu: the vCPU
 * @msr: MSR_KVM_SYSTEM_TIME or MSR_KVM_SYSTEM_TIME_NEW
 *
 * Return: its value; ends the sub-test if KVM refuses.
 */
uint64_t pvclock_msr_get(struct vcpu *vcpu, uint32_t msr);

/**
 * pvclock_set() - set the VM's clock (KVM_SET_CLOCK)
 * @vm: the VM
 * @ns: what the clock reads from now on, nanoseconds
 *
 * Every vCPU updates its structure at its next entry.
 */
void pvclock_set(struct vm *vm, uint64_t ns);

/**
 * __pvclock_stopped() - tell a guest that it was stopped (KVM_KVMCLOCK_CTRL)
 * @vcpu: the vCPU
 *
 * Return: 0 or -errno; -EINVAL if its pv_time cache is not active (kvm_set_guest_paused()).
 */
int __pvclock_stopped(struct vcpu *vcpu);

/**
 * pvclock_read() - what a guest would take for the structure's contents
 * @memory: where KVM writes it
 * @copy: filled in
 *
 * Return: true if the version was the same even number before and after the copy.
 */
bool pvclock_read(const void *memory, struct pvclock *copy);

#endif /* X86_PVCLOCK_H */
