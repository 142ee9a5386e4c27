/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers of a vCPU, by KVM_GET_ONE_REG and KVM_SET_ONE_REG (api.rst, 4.68). */
#ifndef REGISTERS_H
#define REGISTERS_H

#include <stddef.h>
#include "machine/vcpu.h"

#define REG_CORE(member) (KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE | \
			  offsetof(struct kvm_regs, member) / sizeof(__u32))

#define REG_X(n)		(REG_CORE(regs.regs[0]) + 2 * (n))
#define REG_PC			REG_CORE(regs.pc)
#define REG_PSTATE		REG_CORE(regs.pstate)
#define REG_SP_EL1		REG_CORE(sp_el1)

#define REG_SCTLR_EL1		ARM64_SYS_REG(3, 0, 1, 0, 0)
#define REG_TTBR0_EL1		ARM64_SYS_REG(3, 0, 2, 0, 0)
#define REG_TCR_EL1		ARM64_SYS_REG(3, 0, 2, 0, 2)
#define REG_ESR_EL1		ARM64_SYS_REG(3, 0, 5, 2, 0)
#define REG_FAR_EL1		ARM64_SYS_REG(3, 0, 6, 0, 0)
#define REG_MAIR_EL1		ARM64_SYS_REG(3, 0, 10, 2, 0)
#define REG_ID_AA64MMFR0_EL1	ARM64_SYS_REG(3, 0, 0, 7, 0)

/**
 * register_get() - read a register of 64 bits (KVM_GET_ONE_REG)
 * @vcpu: the vCPU
 * @id: REG_*
 *
 * Return: its value; ends the sub-test if KVM refuses.
 */
uint64_t register_get(const struct vcpu *vcpu, uint64_t id);

/**
 * register_set() - write a register of 64 bits (KVM_SET_ONE_REG)
 * @vcpu: the vCPU
 * @id: REG_*
 * @value: what to write
 *
 * Ends the sub-test if KVM refuses.
 */
void register_set(const struct vcpu *vcpu, uint64_t id, uint64_t value);

#endif /* REGISTERS_H */
