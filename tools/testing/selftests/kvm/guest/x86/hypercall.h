/* SPDX-License-Identifier: GPL-2.0-only */
/* Hypercalls of x86 guests, by the instruction that the CPU has. */
#ifndef GUEST_HYPERCALL_H
#define GUEST_HYPERCALL_H

#include <stdint.h>

/**
 * kvm_hypercall() - a hypercall of KVM's (Documentation/virt/kvm/x86/hypercalls.rst)
 * @args: its number, and three arguments
 *
 * Return: what it returned.
 */
int64_t kvm_hypercall(const uint64_t args[4]);

/**
 * xen_hypercall() - a hypercall of Xen's
 * @args: its number, and three arguments
 *
 * Return: what it returned.
 */
int64_t xen_hypercall(const uint64_t args[4]);

#endif /* GUEST_HYPERCALL_H */
