/* SPDX-License-Identifier: GPL-2.0-only */
/* A vCPU, and the one place where its exits are decoded. */
#ifndef VCPU_H
#define VCPU_H

#include <stdbool.h>
#include <stddef.h>
#include "machine/vm.h"

struct vcpu {
	struct vm *vm;
	int fd;
	unsigned int id;
	struct kvm_run *run;
	size_t run_size;
	uint64_t mailbox;		/* control address */
	uint64_t *mmio_answer;		/* where the word goes; NULL: into kvm_run */
};

enum vcpu_exit_kind {
	VCPU_EXIT_DOORBELL,		/* the agent wants its mailbox looked at */
	VCPU_EXIT_CONVERT,		/* the guest asks for a conversion: gpa, size, private */
	VCPU_EXIT_MEMORY_FAULT,		/* KVM_EXIT_MEMORY_FAULT: gpa, size, private, error */
	VCPU_EXIT_MMIO,			/* access to a hole: gpa, size, write, data; a size of
					 * 0 if the CPU did not say what kind of access */
	VCPU_EXIT_INTERNAL_ERROR,	/* detail is the suberror */
	VCPU_EXIT_SHUTDOWN,		/* triple fault or system event */
	VCPU_EXIT_RING_FULL,		/* the dirty ring has no room: machine/dirty_ring.h */
	VCPU_EXIT_INTERRUPTED,		/* EINTR: a signal */
	VCPU_EXIT_ERROR,		/* KVM_RUN failed otherwise: error */
	VCPU_EXIT_OTHER,		/* detail is the exit reason */
};

struct vcpu_exit {
	enum vcpu_exit_kind kind;
	int error;			/* -errno of KVM_RUN, 0 if it succeeded */
	uint64_t gpa;
	uint64_t size;			/* bytes */
	bool private;
	bool write;
	uint64_t flags;			/* of a memory fault */
	uint64_t data;			/* MMIO write */
	uint64_t detail;
	uint64_t internal[4];		/* what KVM adds to an internal error, 0 where nothing */
};

#define __vcpu_ioctl(vcpu, request, arg) __kvm_ioctl((vcpu)->fd, request, arg)
#define vcpu_ioctl(vcpu, request, arg)	kvm_ioctl((vcpu)->fd, request, arg)

/**
 * vcpu_create() - create a vCPU that will start the agent when it is run
 * @vm: the VM
 * @id: vCPU id, from 0
 *
 * Return: the vCPU.
 */
struct vcpu *vcpu_create(struct vm *vm, unsigned int id);

/**
 * vcpu_create_bare() - KVM_CREATE_VCPU alone, without registers or mailbox
 * @vm: the VM
 * @id: vCPU id
 *
 * Return: the vCPU.
 */
struct vcpu *vcpu_create_bare(struct vm *vm, unsigned int id);

/**
 * vcpu_destroy() - close a vCPU
 * @vcpu: that nobody is running
 */
void vcpu_destroy(struct vcpu *vcpu);

/**
 * vcpu_run() - KVM_RUN once
 * @vcpu: the vCPU
 *
 * Return: what came of it, decoded.
 */
struct vcpu_exit vcpu_run(struct vcpu *vcpu);

/**
 * vcpu_mmio_answer() - answer an MMIO read
 * @vcpu: after VCPU_EXIT_MMIO with a size and !write
 * @data: what the guest reads
 */
void vcpu_mmio_answer(struct vcpu *vcpu, uint64_t data);

/**
 * vcpu_exit_describe() - put an exit into words
 * @exit: the exit
 * @text: where to
 * @size: bytes at @text
 */
void vcpu_exit_describe(const struct vcpu_exit *exit, char *text, size_t size);

/**
 * __vcpu_pre_fault() - KVM_PRE_FAULT_MEMORY until done
 * @vcpu: the vCPU
 * @gpa: start, bytes
 * @size: bytes
 *
 * Return: 0 or -errno; -EAGAIN and -EINTR are retried (api.rst, 4.143).
 */
int __vcpu_pre_fault(struct vcpu *vcpu, uint64_t gpa, uint64_t size);

#endif /* VCPU_H */
