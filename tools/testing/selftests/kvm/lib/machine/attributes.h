/* SPDX-License-Identifier: GPL-2.0-only */
/* Private or shared: KVM_SET_MEMORY_ATTRIBUTES on the VM (api.rst, 4.141). */
#ifndef ATTRIBUTES_H
#define ATTRIBUTES_H

#include "machine/vm.h"

/**
 * __attributes_set() - make a range private or shared
 * @vm: the VM
 * @gpa: start, bytes
 * @size: bytes
 * @attributes: KVM_MEMORY_ATTRIBUTE_PRIVATE or 0
 *
 * Return: 0 or -errno.
 */
int __attributes_set(struct vm *vm, uint64_t gpa, uint64_t size, uint64_t attributes);

/**
 * attributes_set() - make a range private or shared, which has to succeed
 * @vm: the VM
 * @gpa: start, bytes
 * @size: bytes
 * @attributes: KVM_MEMORY_ATTRIBUTE_PRIVATE or 0
 */
void attributes_set(struct vm *vm, uint64_t gpa, uint64_t size, uint64_t attributes);

/**
 * attributes_supported() - ask which attributes the VM accepts
 * @vm: the VM
 *
 * Return: KVM_MEMORY_ATTRIBUTE_* (KVM_CAP_MEMORY_ATTRIBUTES).
 */
uint64_t attributes_supported(const struct vm *vm);

/**
 * __attributes_set_gmem() - the same on the guest_memfd itself, where the kernel has it
 * @fd: guest_memfd
 * @offset: start, bytes into the file
 * @size: bytes
 * @attributes: KVM_MEMORY_ATTRIBUTE_PRIVATE or 0
 * @error_offset: if not NULL, set to the offset that the kernel reports on failure
 *
 * Return: 0 or -errno; -ENOTTY where the kernel converts by VM attributes.
 */
int __attributes_set_gmem(int fd, uint64_t offset, uint64_t size, uint64_t attributes,
			  uint64_t *error_offset);

#endif /* ATTRIBUTES_H */
