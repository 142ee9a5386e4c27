/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MSR_H
#define MSR_H

#include "machine/vcpu.h"

/**
 * vcpu_msr_set() - KVM_SET_MSRS of one MSR, which has to succeed
 * @vcpu: the vCPU
 * @msr: number
 * @value: what
 */
void vcpu_msr_set(const struct vcpu *vcpu, uint32_t msr, uint64_t value);

#endif /* MSR_H */
