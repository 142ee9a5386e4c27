// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include "harness/verdict.h"
#include "machine/x86/msr.h"

void vcpu_msr_set(const struct vcpu *vcpu, uint32_t msr, uint64_t value)
{
	struct kvm_msrs *msrs = calloc(1, sizeof(*msrs) + sizeof(msrs->entries[0]));

	verdict_require(msrs, "out of memory");
	msrs->nmsrs = 1;
	msrs->entries[0] = (struct kvm_msr_entry){ .index = msr, .data = value };
	verdict_require(vcpu_ioctl(vcpu, KVM_SET_MSRS, msrs) == 1, "KVM_SET_MSRS");
	free(msrs);
}
