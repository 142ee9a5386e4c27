// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include "harness/verdict.h"
#include "pfncache/pvclock.h"

/* struct kvm_msrs with its one entry: a list of variable length cannot be part of a struct. */
union one_msr {
	struct kvm_msrs list;
	uint8_t room[sizeof(struct kvm_msrs) + sizeof(struct kvm_msr_entry)];
};

int __pvclock_msr_set(struct vcpu *vcpu, uint32_t msr, uint64_t value)
{
	union one_msr m = { .list.nmsrs = 1 };
	int r;

	m.list.entries[0] = (struct kvm_msr_entry){ .index = msr, .data = value };
	r = __vcpu_ioctl(vcpu, KVM_SET_MSRS, &m);
	/* The result is the number of MSRs that were set (api.rst, 4.18). */
	if (r < 0)
		return r;
	return r == 1 ? 0 : -EINVAL;
}

uint64_t pvclock_msr_get(struct vcpu *vcpu, uint32_t msr)
{
	union one_msr m = { .list.nmsrs = 1 };

	m.list.entries[0] = (struct kvm_msr_entry){ .index = msr };
	vcpu_ioctl(vcpu, KVM_GET_MSRS, &m);
	return m.list.entries[0].data;
}

void pvclock_set(struct vm *vm, uint64_t ns)
{
	struct kvm_clock_data data = { .clock = ns };

	vm_ioctl(vm, KVM_SET_CLOCK, &data);
}

int __pvclock_stopped(struct vcpu *vcpu)
{
	return __vcpu_ioctl(vcpu, KVM_KVMCLOCK_CTRL, NULL);
}

static uint32_t version_read(const void *memory)
{
	/* The structure may lie at an odd address. */
	uint32_t version = *(const volatile uint32_t *)memory;

	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return version;
}

bool pvclock_read(const void *memory, struct pvclock *copy)
{
	uint32_t before = version_read(memory);

	memcpy(copy, memory, sizeof(*copy));
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return !(before & 1) && version_read(memory) == before && copy->version == before;
}
