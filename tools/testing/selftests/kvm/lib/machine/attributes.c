// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include "harness/verdict.h"
#include "machine/attributes.h"

int __attributes_set(struct vm *vm, uint64_t gpa, uint64_t size, uint64_t attributes)
{
	struct kvm_memory_attributes a = {
		.address = gpa,
		.size = size,
		.attributes = attributes,
	};

	return __vm_ioctl(vm, KVM_SET_MEMORY_ATTRIBUTES, &a);
}

void attributes_set(struct vm *vm, uint64_t gpa, uint64_t size, uint64_t attributes)
{
	int r = __attributes_set(vm, gpa, size, attributes);

	if (r)
		verdict_fail(VERDICT_ABI,
			     "KVM_SET_MEMORY_ATTRIBUTES %#llx on [%#llx, +%#llx), VM type %s: %s, expected success",
			     (unsigned long long)attributes, (unsigned long long)gpa,
			     (unsigned long long)size, vm->type->name, strerror(-r));
}

uint64_t attributes_supported(const struct vm *vm)
{
	return vm_cap(vm, KVM_CAP_MEMORY_ATTRIBUTES);
}

int __attributes_set_gmem(int fd, uint64_t offset, uint64_t size, uint64_t attributes,
			  uint64_t *error_offset)
{
	struct kvm_memory_attributes2 a = {
		.offset = offset,
		.size = size,
		.attributes = attributes,
	};
	int r = __kvm_ioctl(fd, KVM_SET_MEMORY_ATTRIBUTES2, &a);

	if (error_offset)
		*error_offset = a.error_offset;
	return r;
}
