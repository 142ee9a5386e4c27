// SPDX-License-Identifier: GPL-2.0-only
/* Operations that are a vCPU's. */
#include <unistd.h>
#include "memory/parts.h"

int memory_pre_fault(struct memory *m, uint32_t first, uint32_t pages)
{
	struct kvm_pre_fault_memory range = {
		.gpa = memory_gpa(m, first), .size = pages * page_size(),
	};

	return __vcpu_ioctl(m->spare, KVM_PRE_FAULT_MEMORY, &range);
}

/* A pre-fault is of the address space that its vCPU is in, and the spare one never is in SMM. */
const char *memory_pre_fault_lacks(const struct memory *m)
{
	if (m->slots[0].id >> 16)
		return "no pre-fault of memory that only system management mode sees";
	return vm_cap(m->vm, KVM_CAP_PRE_FAULT_MEMORY) ? NULL :
	       "no pre-fault (KVM_CAP_PRE_FAULT_MEMORY is 0)";
}

/* Numbers that no vCPU of a test has: those have the first ones. */
int memory_vcpu_create(struct memory *m, uint32_t first, uint32_t pages)
{
	const unsigned int n = __atomic_fetch_add(&m->made[OP_VCPU_CREATE], 1, __ATOMIC_RELAXED);
	int fd = __vm_ioctl(m->vm, KVM_CREATE_VCPU, (void *)(VM_VCPUS_MAX + 2ul + n));

	(void)first;
	(void)pages;
	return fd < 0 ? fd : memory_result(close(fd));
}
