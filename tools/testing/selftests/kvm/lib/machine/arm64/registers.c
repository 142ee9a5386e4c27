// SPDX-License-Identifier: GPL-2.0-only
#include "machine/arm64/registers.h"

uint64_t register_get(const struct vcpu *vcpu, uint64_t id)
{
	uint64_t value = 0;
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)&value };

	vcpu_ioctl(vcpu, KVM_GET_ONE_REG, &reg);
	return value;
}

void register_set(const struct vcpu *vcpu, uint64_t id, uint64_t value)
{
	struct kvm_one_reg reg = { .id = id, .addr = (uintptr_t)&value };

	vcpu_ioctl(vcpu, KVM_SET_ONE_REG, &reg);
}
