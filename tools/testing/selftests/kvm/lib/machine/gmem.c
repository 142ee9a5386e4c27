// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include "harness/verdict.h"
#include "machine/gmem.h"

int __gmem_create(struct vm *vm, uint64_t size, uint64_t flags)
{
	struct kvm_create_guest_memfd args = { .size = size, .flags = flags };

	return __vm_ioctl(vm, KVM_CREATE_GUEST_MEMFD, &args);
}

int gmem_create(struct vm *vm, uint64_t size, uint64_t flags)
{
	int fd = __gmem_create(vm, size, flags);

	if (fd < 0)
		verdict_fail(VERDICT_ABI,
			     "KVM_CREATE_GUEST_MEMFD of %#llx bytes, flags %#llx, VM type %s: %s, expected success",
			     (unsigned long long)size, (unsigned long long)flags, vm->type->name,
			     strerror(-fd));
	return fd;
}

uint64_t gmem_flags(const struct vm *vm)
{
	return vm_cap(vm, KVM_CAP_GUEST_MEMFD_FLAGS);
}

void gmem_require(const struct vm *vm, uint64_t flags)
{
	if (!vm_cap(vm, KVM_CAP_GUEST_MEMFD))
		verdict_skip("no guest_memfd for VM type %s (KVM_CAP_GUEST_MEMFD is 0)",
			     vm->type->name);
	if (flags & ~gmem_flags(vm))
		verdict_skip("guest_memfd flags %#llx not supported for VM type %s, which has %#llx",
			     (unsigned long long)flags, vm->type->name,
			     (unsigned long long)gmem_flags(vm));
}

int __gmem_punch(int fd, uint64_t offset, uint64_t size)
{
	return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, size) ? -errno : 0;
}

int __gmem_allocate(int fd, uint64_t offset, uint64_t size)
{
	return fallocate(fd, FALLOC_FL_KEEP_SIZE, offset, size) ? -errno : 0;
}

static void gmem_check(int r, const char *what, uint64_t offset, uint64_t size)
{
	if (r)
		verdict_fail(VERDICT_ABI, "%s of %#llx bytes at %#llx: %s, expected success", what,
			     (unsigned long long)size, (unsigned long long)offset, strerror(-r));
}

void gmem_punch(int fd, uint64_t offset, uint64_t size)
{
	gmem_check(__gmem_punch(fd, offset, size), "punch hole", offset, size);
}

void gmem_allocate(int fd, uint64_t offset, uint64_t size)
{
	gmem_check(__gmem_allocate(fd, offset, size), "fallocate", offset, size);
}

void *gmem_map(int fd, uint64_t offset, uint64_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);

	if (p == MAP_FAILED)
		verdict_fail(VERDICT_ABI, "mmap of guest_memfd, %#llx bytes at %#llx: %m, expected success",
			     (unsigned long long)size, (unsigned long long)offset);
	return p;
}
