// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <errno.h>
#include <sched.h>
#include <string.h>
#include "harness/verdict.h"
#include "machine/alias.h"
#include "machine/attributes.h"

/* Times that a page may be found in use: who holds it has to get CPU time meanwhile. */
#define BUSY_TURNS	10000

enum attributes_keeper attributes_keeper(void)
{
	if (kvm_cap(KVM_CAP_GUEST_MEMFD_MEMORY_ATTRIBUTES) & KVM_MEMORY_ATTRIBUTE_PRIVATE)
		return ATTRIBUTES_OF_FILE;
	if (kvm_cap(KVM_CAP_MEMORY_ATTRIBUTES) & KVM_MEMORY_ATTRIBUTE_PRIVATE)
		return ATTRIBUTES_OF_VM;
	return ATTRIBUTES_OF_NOBODY;
}

const char *attributes_lack(enum attributes_keeper keeper)
{
	const bool vm = keeper == ATTRIBUTES_OF_VM;
	static char why[160];

	if (attributes_keeper() == keeper)
		return NULL;
	snprintf(why, sizeof(why), "no private memory by attributes of the %s (%s is %#x)",
		 vm ? "VM" : "guest_memfd",
		 vm ? "KVM_CAP_MEMORY_ATTRIBUTES" : "KVM_CAP_GUEST_MEMFD_MEMORY_ATTRIBUTES",
		 kvm_cap(vm ? KVM_CAP_MEMORY_ATTRIBUTES : KVM_CAP_GUEST_MEMFD_MEMORY_ATTRIBUTES));
	return why;
}

void attributes_require(enum attributes_keeper keeper)
{
	const char *why = attributes_lack(keeper);

	if (why)
		verdict_skip("%s", why);
}

uint64_t attributes_supported(const struct vm *vm)
{
	return vm_cap(vm, KVM_CAP_MEMORY_ATTRIBUTES);
}

int __attributes_set_vm(struct vm *vm, uint64_t gpa, uint64_t size, uint64_t attributes)
{
	struct kvm_memory_attributes a = {
		.address = gpa,
		.size = size,
		.attributes = attributes,
	};
	int r;

	/* What is remembered and what KVM has must not be of two conversions. */
	if (vm->private_pages)
		pthread_mutex_lock(&vm->files.lock);
	r = __vm_ioctl(vm, KVM_SET_MEMORY_ATTRIBUTES, &a);
	if (!r)
		alias_note(vm, gpa, size, attributes & KVM_MEMORY_ATTRIBUTE_PRIVATE);
	if (vm->private_pages)
		pthread_mutex_unlock(&vm->files.lock);
	return r;
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

int attributes_convert_gmem(int fd, uint64_t offset, uint64_t size, uint64_t attributes,
			    uint64_t *busy)
{
	unsigned int turn;
	int r;

	for (turn = 0; ; turn++) {
		r = __attributes_set_gmem(fd, offset, size, attributes, NULL);
		if (r != -EAGAIN || turn == BUSY_TURNS)
			break;
		if (busy)
			__atomic_fetch_add(busy, 1, __ATOMIC_RELAXED);
		sched_yield();
	}
	return r;
}

int __attributes_set(struct vm *vm, uint64_t gpa, uint64_t size, uint64_t attributes)
{
	struct memslot_file files[MEMSLOT_LIST_MAX];
	unsigned int count, i;
	int r = 0;

	if (attributes_keeper() != ATTRIBUTES_OF_FILE)
		return __attributes_set_vm(vm, gpa, size, attributes);
	count = memslot_list_find(&vm->files, gpa, size, files);
	for (i = 0; i < count && !r; i++)
		r = attributes_convert_gmem(files[i].gmem, files[i].offset, files[i].size,
					    attributes, NULL);
	return r;
}

void attributes_set(struct vm *vm, uint64_t gpa, uint64_t size, uint64_t attributes)
{
	int r = __attributes_set(vm, gpa, size, attributes);

	if (r)
		verdict_fail(VERDICT_ABI,
			     "%s %#llx on [%#llx, +%#llx), VM type %s: %s, expected success",
			     attributes_keeper() == ATTRIBUTES_OF_FILE ?
			     "KVM_SET_MEMORY_ATTRIBUTES2" : "KVM_SET_MEMORY_ATTRIBUTES",
			     (unsigned long long)attributes, (unsigned long long)gpa,
			     (unsigned long long)size, vm->type->name, strerror(-r));
}
