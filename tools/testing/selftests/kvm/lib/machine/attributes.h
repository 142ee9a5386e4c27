/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private or shared.  Who keeps that is a matter of the kernel: the VM, by guest address
 * (KVM_SET_MEMORY_ATTRIBUTES, api.rst, 4.141), or the guest_memfd, by offset in the file
 * (KVM_SET_MEMORY_ATTRIBUTES2, merged for 7.4), where a conversion leaves the page in place.
 * attributes_set() works with both; the other calls are about one of them.
 */
#ifndef ATTRIBUTES_H
#define ATTRIBUTES_H

#include "machine/vm.h"

enum attributes_keeper {
	ATTRIBUTES_OF_NOBODY,	/* there is no private memory */
	ATTRIBUTES_OF_VM,
	ATTRIBUTES_OF_FILE,
};

/**
 * attributes_keeper() - who keeps private and shared in the running kernel?
 *
 * Return: the guest_memfd if KVM_CAP_GUEST_MEMFD_MEMORY_ATTRIBUTES says so, else the VM if
 * KVM_CAP_MEMORY_ATTRIBUTES does.
 */
enum attributes_keeper attributes_keeper(void);

/**
 * attributes_lack() - is it somebody else who keeps them?
 * @keeper: who is wanted
 *
 * Return: the reason for a skip; NULL if it is @keeper.
 */
const char *attributes_lack(enum attributes_keeper keeper);

/**
 * attributes_require() - skip the sub-test unless this is who keeps them
 * @keeper: ATTRIBUTES_OF_VM or ATTRIBUTES_OF_FILE
 */
void attributes_require(enum attributes_keeper keeper);

/**
 * __attributes_set() - make a range private or shared
 * @vm: the VM
 * @gpa: start, bytes
 * @size: bytes
 * @attributes: KVM_MEMORY_ATTRIBUTE_PRIVATE or 0
 *
 * Where the guest_memfd keeps attributes, that of each memslot in the range is asked in turn, and
 * what is outside of all memslots stays shared.
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
 * attributes_supported() - ask which attributes the VM itself keeps
 * @vm: the VM
 *
 * Return: KVM_MEMORY_ATTRIBUTE_* (KVM_CAP_MEMORY_ATTRIBUTES).
 */
uint64_t attributes_supported(const struct vm *vm);

/**
 * __attributes_set_vm() - set attributes of the VM
 * @vm: the VM
 * @gpa: start, bytes
 * @size: bytes
 * @attributes: KVM_MEMORY_ATTRIBUTE_PRIVATE or 0
 *
 * Return: 0 or -errno.
 */
int __attributes_set_vm(struct vm *vm, uint64_t gpa, uint64_t size, uint64_t attributes);

/**
 * __attributes_set_gmem() - set attributes of a guest_memfd
 * @fd: guest_memfd
 * @offset: start, bytes into the file
 * @size: bytes
 * @attributes: KVM_MEMORY_ATTRIBUTE_PRIVATE or 0
 * @error_offset: if not NULL, set to the offset that the kernel reports on failure
 *
 * Return: 0 or -errno; -ENOTTY where the kernel has no such call.
 */
int __attributes_set_gmem(int fd, uint64_t offset, uint64_t size, uint64_t attributes,
			  uint64_t *error_offset);

/**
 * attributes_convert_gmem() - the same, again and again while a page is in use
 * @fd: guest_memfd
 * @offset: start, bytes into the file
 * @size: bytes
 * @attributes: KVM_MEMORY_ATTRIBUTE_PRIVATE or 0
 * @busy: if not NULL, increased each time that a page is in use
 *
 * An access of the host's that is under way holds its page for a moment.
 *
 * Return: 0 or -errno; -EAGAIN if a page stays in use.
 */
int attributes_convert_gmem(int fd, uint64_t offset, uint64_t size, uint64_t attributes,
			    uint64_t *busy);

#endif /* ATTRIBUTES_H */
