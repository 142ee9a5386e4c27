/* SPDX-License-Identifier: GPL-2.0-only */
/* guest_memfd: KVM_CREATE_GUEST_MEMFD (api.rst, 4.142) and what can be done with the file. */
#ifndef GMEM_H
#define GMEM_H

#include "machine/vm.h"

/**
 * __gmem_create() - create a guest_memfd (KVM_CREATE_GUEST_MEMFD)
 * @vm: the VM
 * @size: bytes
 * @flags: GUEST_MEMFD_FLAG_*
 *
 * Return: the descriptor or -errno.
 */
int __gmem_create(struct vm *vm, uint64_t size, uint64_t flags);

/**
 * gmem_create() - create a guest_memfd, which has to succeed
 * @vm: the VM
 * @size: bytes
 * @flags: GUEST_MEMFD_FLAG_*
 *
 * Return: the descriptor.
 */
int gmem_create(struct vm *vm, uint64_t size, uint64_t flags);

/**
 * gmem_flags() - ask which flags the VM accepts
 * @vm: the VM
 *
 * Return: GUEST_MEMFD_FLAG_* (KVM_CAP_GUEST_MEMFD_FLAGS), 0 on kernels before 6.18.
 */
uint64_t gmem_flags(const struct vm *vm);

/**
 * gmem_require() - skip the sub-test unless the VM can have such files
 * @vm: the VM
 * @flags: GUEST_MEMFD_FLAG_*, all of which it has to accept
 */
void gmem_require(const struct vm *vm, uint64_t flags);

/**
 * __gmem_punch() - free pages of a file: fallocate(PUNCH_HOLE, KEEP_SIZE)
 * @fd: guest_memfd
 * @offset: start, bytes
 * @size: bytes
 *
 * Return: 0 or -errno; -EINVAL if not aligned to pages (kvm_gmem_fallocate()).
 */
int __gmem_punch(int fd, uint64_t offset, uint64_t size);

/**
 * gmem_punch() - free pages of a file, which has to succeed
 * @fd: guest_memfd
 * @offset: start, bytes
 * @size: bytes
 */
void gmem_punch(int fd, uint64_t offset, uint64_t size);

/**
 * __gmem_allocate() - bring pages of a file in: fallocate(KEEP_SIZE)
 * @fd: guest_memfd
 * @offset: start, bytes
 * @size: bytes
 *
 * Return: 0 or -errno.
 */
int __gmem_allocate(int fd, uint64_t offset, uint64_t size);

/**
 * gmem_allocate() - bring pages of a file in, which has to succeed
 * @fd: guest_memfd
 * @offset: start, bytes
 * @size: bytes
 */
void gmem_allocate(int fd, uint64_t offset, uint64_t size);

/**
 * gmem_map() - map a file made with GUEST_MEMFD_FLAG_MMAP, shared, for reading and writing
 * @fd: guest_memfd
 * @offset: start, bytes
 * @size: bytes
 *
 * Return: the address; ends the sub-test if it cannot be mapped.
 */
void *gmem_map(int fd, uint64_t offset, uint64_t size);

#endif /* GMEM_H */
