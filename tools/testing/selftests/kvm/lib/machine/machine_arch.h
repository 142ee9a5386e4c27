/* SPDX-License-Identifier: GPL-2.0-only */
/* What the machine floor needs from an architecture: x86/, arm64/. */
#ifndef MACHINE_ARCH_H
#define MACHINE_ARCH_H

#include <stddef.h>
#include "machine/vcpu.h"
#include "machine/vm.h"

/* The agent's image, linked at AGENT_CONTROL_GPA, and its entry's offset. */
extern const uint8_t agent_image[], agent_image_end[];

/**
 * arch_vm_type_offered() - does the running kernel offer a type other than the default one?
 * @type: the type
 *
 * Return: true if so.
 */
bool arch_vm_type_offered(const struct vm_type *type);

/**
 * arch_vm_type_runs() - do guests of an offered type run on this machine?
 * @type: the type
 *
 * Return: false if a known fault of KVM keeps them from it: docs/findings.md, 20.
 */
bool arch_vm_type_runs(const struct vm_type *type);

/**
 * arch_vm_type() - get the argument of KVM_CREATE_VM
 * @type: of the VM
 *
 * Return: the argument.
 */
unsigned long arch_vm_type(const struct vm_type *type);

/**
 * arch_vm_init() - build the guest's page tables and enable the exits that the agent relies on
 * @vm: the VM
 */
void arch_vm_init(struct vm *vm);

/**
 * arch_vcpus_first() - must all vCPUs of a VM exist before the first of them runs?
 * @vm: the VM
 *
 * Return: how many to create then, at most VM_VCPUS_MAX; 0 if vCPUs may come later.
 */
unsigned int arch_vcpus_first(const struct vm *vm);

/**
 * arch_vm_launch() - close an encrypted guest: image and registers become its own
 * @vm: the VM, whose vCPUs have their registers
 */
void arch_vm_launch(struct vm *vm);

/**
 * arch_vcpu_boot() - set the registers of a vCPU that will start the agent
 * @vcpu: the vCPU
 * @entry: control address of the agent's entry
 * @stack: control address of its stack's end
 * @mailbox: control address of its mailbox
 */
void arch_vcpu_boot(struct vcpu *vcpu, uint64_t entry, uint64_t stack, uint64_t mailbox);

/**
 * arch_exit_decode() - decode an exit that is the architecture's own
 * @vcpu: the vCPU, out of KVM_RUN
 * @exit: filled in
 *
 * Return: false if it is not.
 */
bool arch_exit_decode(struct vcpu *vcpu, struct vcpu_exit *exit);

/**
 * arch_exit_is_slip() - is it an exit that an emulated CPU makes up now and then?
 * @vcpu: the vCPU
 * @exit: the exit
 *
 * Return: true if so: docs/emulator.md.
 */
bool arch_exit_is_slip(const struct vcpu *vcpu, const struct vcpu_exit *exit);

/**
 * arch_exit_is_false() - is it an internal error that a known fault of KVM makes, and that the
 *    next entry gets past?
 * @exit: the exit
 *
 * Return: true if so: docs/findings.md, 8.
 */
bool arch_exit_is_false(const struct vcpu_exit *exit);

/**
 * arch_convert_answer() - answer VCPU_EXIT_CONVERT
 * @vcpu: the vCPU
 * @error: 0 or a positive errno, which the guest sees negated
 */
void arch_convert_answer(struct vcpu *vcpu, int error);

/**
 * arch_vcpu_abort() - raise an exception in the guest
 * @vcpu: the vCPU, out of KVM_RUN
 *
 * The agent gives its operation up, or finds out that an access met a hole.
 *
 * Return: 0 or -errno.
 */
int arch_vcpu_abort(struct vcpu *vcpu);

/**
 * arch_vcpu_describe() - put registers into words
 * @vcpu: the vCPU
 * @text: where to
 * @size: bytes at @text
 */
void arch_vcpu_describe(const struct vcpu *vcpu, char *text, size_t size);

/**
 * arch_exception_describe() - put an exception of the guest into words
 * @r: the agent's result
 * @text: where to
 * @size: bytes at @text
 */
void arch_exception_describe(const struct agent_result *r, char *text, size_t size);

#endif /* MACHINE_ARCH_H */
