/* SPDX-License-Identifier: GPL-2.0-only */
/* guest_memfd: KVM_CREATE_GUEST_MEMFD (api.rst, 4.142) and what can be done with the file. */
#ifndef GMEM_H
#define GMEM_H

#include "machine/vm.h"

/* Create a file of @size bytes; the descriptor or -errno. */
int __gmem_create(struct vm *vm, uint64_t size, uint64_t flags);
int gmem_create(struct vm *vm, uint64_t size, uint64_t flags);

/* Flags that the VM accepts (KVM_CAP_GUEST_MEMFD_FLAGS), 0 on kernels before 6.18. */
uint64_t gmem_flags(const struct vm *vm);

/* Skip the sub-test unless the kernel has guest_memfd and the VM accepts all of @flags. */
void gmem_require(const struct vm *vm, uint64_t flags);

/* fallocate(PUNCH_HOLE | KEEP_SIZE) of bytes [offset, offset + size); 0 or -errno. */
int __gmem_punch(int fd, uint64_t offset, uint64_t size);
void gmem_punch(int fd, uint64_t offset, uint64_t size);

/* fallocate(KEEP_SIZE): bring pages in; 0 or -errno. */
int __gmem_allocate(int fd, uint64_t offset, uint64_t size);
void gmem_allocate(int fd, uint64_t offset, uint64_t size);

/* Map @size bytes of a file made with GUEST_MEMFD_FLAG_MMAP, shared, for reading and writing. */
void *gmem_map(int fd, uint64_t offset, uint64_t size);

#endif /* GMEM_H */
