/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Agents in L2 (guest/x86/nested.h): --level l2, where KVM's own tables say what L2 may reach;
 * and --level l2-npt, where L1's nested page tables (NPT, or EPT) say it, too, which KVM follows
 * by shadow tables.
 */
#ifndef NESTED_H
#define NESTED_H

#include "machine/vcpu.h"
#include "machine/x86/guest_tables.h"

/**
 * nested_prepare() - have the agent go on in L2 when it has started
 * @vcpu: the vCPU, which has its CPUID
 * @mailbox: its mailbox
 *
 * Skips the sub-test if the vCPU has neither SVM nor VMX, or if guests of the VM's type cannot be
 * hypervisors.
 */
void nested_prepare(struct vcpu *vcpu, uint64_t mailbox);

/**
 * nested_l1() - what L1 was given, and has counted
 * @vcpu: the vCPU
 *
 * Return: the structure; NULL if the agent is not in L2.
 */
const struct agent_l1 *nested_l1(const struct vcpu *vcpu);

/**
 * nested_vmx() - is VMX, not SVM, how a guest is a hypervisor here?
 *
 * Return: true if KVM is kvm_intel.
 */
bool nested_vmx(void);

/**
 * nested_format() - of the entries of nested page tables
 *
 * Return: NPT's, or EPT's.
 */
const struct table_format *nested_format(void);

/**
 * nested_root() - nested page tables in which everything is what it is
 * @vm: the VM
 *
 * Return: their root, a control address; the same at each call.
 */
uint64_t nested_root(struct vm *vm);

#endif /* NESTED_H */
