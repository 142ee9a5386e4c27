/* SPDX-License-Identifier: GPL-2.0-only */
/* What the machine floor needs from an architecture: x86/, arm64/. */
#ifndef MACHINE_ARCH_H
#define MACHINE_ARCH_H

#include <stddef.h>
#include "machine/vcpu.h"
#include "machine/vm.h"

/* The agent's image, linked at AGENT_CONTROL_GPA, and its entry's offset. */
extern const uint8_t agent_image[], agent_image_end[];

/* Does the running kernel offer a type other than the default one? */
bool arch_vm_type_offered(const struct vm_type *type);

/* The argument of KVM_CREATE_VM. */
unsigned long arch_vm_type(const struct vm_type *type);

/* Build the guest's page tables and enable the exits that the agent relies on. */
void arch_vm_init(struct vm *vm);

/* Must all vCPUs of a VM exist before the first of them runs? */
bool arch_vcpus_first(void);

/* Registers of a vCPU that starts the agent with @mailbox on @stack (control addresses). */
void arch_vcpu_boot(struct vcpu *vcpu, uint64_t entry, uint64_t stack, uint64_t mailbox);

/* Decode an exit that is the architecture's own; false if it is not. */
bool arch_exit_decode(const struct vcpu *vcpu, struct vcpu_exit *exit);

/* Is it one that an emulated CPU makes up now and then? See docs/emulator.md. */
bool arch_exit_is_slip(const struct vcpu *vcpu, const struct vcpu_exit *exit);

/* Is it an internal error that a known fault of KVM makes, and that the next entry gets past? */
bool arch_exit_is_false(const struct vcpu_exit *exit);

/* Answer VCPU_EXIT_CONVERT; @error is 0 or a positive errno that the guest sees negated. */
void arch_convert_answer(struct vcpu *vcpu, int error);

/*
 * Raise an exception in the guest, so that the agent gives its operation up, or finds
 * out that an access met a hole; -errno.
 */
int arch_vcpu_abort(struct vcpu *vcpu);

/* Registers in words, for a report. */
void arch_vcpu_describe(const struct vcpu *vcpu, char *text, size_t size);

/* An exception of the guest in words, from the agent's result. */
void arch_exception_describe(const struct agent_result *r, char *text, size_t size);

#endif /* MACHINE_ARCH_H */
