/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TDX guests: KVM_MEMORY_ENCRYPT_OP (Documentation/virt/kvm/x86/intel-tdx.rst).
 *
 *	vm_create()	KVM_TDX_CAPABILITIES, KVM_TDX_INIT_VM; page tables with the shared bit
 *	vcpu_create()	of the first vCPU: all of them, KVM_TDX_INIT_VCPU, KVM_TDX_INIT_MEM_REGION
 *			of the agent, its page tables and the reset page, KVM_TDX_FINALIZE_VM
 */
#ifndef TDX_H
#define TDX_H

#include "abi/x86/tdx.h"
#include "machine/vcpu.h"
#include "machine/vm.h"
#include "machine/x86/kvm_uapi_x86.h"

#define TDX_VCPUS	8u	/* at most: each of them is launched */

#define TDX_RESET_LEAF	0xffe00000ull	/* the 2 MiB around the reset page */

/**
 * tdx_type() - the VM type of TDX guests
 *
 * Return: the type; skips the sub-test if KVM does not offer it.
 */
const struct vm_type *tdx_type(void);

/**
 * tdx_played_type() - the VM type in which the host plays the TDX module
 *
 * Return: the type, which says nothing about TDX.
 */
const struct vm_type *tdx_played_type(void);

/**
 * __tdx_command() - KVM_MEMORY_ENCRYPT_OP
 * @fd: of the VM, or of a vCPU
 * @id: TDX_CAPABILITIES and so on
 * @flags: of the command
 * @data: likewise
 * @module: if not NULL, set to the TDX module's status
 *
 * Return: 0 or -errno.
 */
int __tdx_command(int fd, uint32_t id, uint32_t flags, const void *data, uint64_t *module);

/**
 * tdx_capabilities() - what KVM offers to TDX guests
 * @vm: the VM
 *
 * Return: to be freed.
 */
struct tdx_capabilities *tdx_capabilities(const struct vm *vm);

/**
 * tdx_init_args() - what a guest is made of that has all that it may have
 * @vm: the VM
 *
 * Return: to be freed.
 */
struct tdx_init_vm *tdx_init_args(const struct vm *vm);

/**
 * tdx_split_irqchip() - what a VM needs before its vCPUs are created
 * @vm: the VM
 */
void tdx_split_irqchip(struct vm *vm);

/**
 * tdx_vcpus() - how many vCPUs to launch
 * @vm: the VM
 *
 * Return: TDX_VCPUS, or as many as the machine allows.
 */
unsigned int tdx_vcpus(const struct vm *vm);

/**
 * tdx_init() - make a VM a TDX guest, or one in which TDX is played
 * @vm: without vCPUs
 */
void tdx_init(struct vm *vm);

/**
 * tdx_vcpu_init() - CPUID of a vCPU, KVM_TDX_INIT_VCPU
 * @vcpu: the vCPU
 * @mailbox: its mailbox
 */
void tdx_vcpu_init(struct vcpu *vcpu, uint64_t mailbox);

/**
 * tdx_launch() - add the agent to the guest, and close it
 * @vm: all of whose vCPUs are initialised
 */
void tdx_launch(struct vm *vm);

/**
 * tdx_interrupt() - send the interrupt that gives the operation up
 * @vcpu: the vCPU
 *
 * Return: 0 or -errno.
 */
int tdx_interrupt(const struct vcpu *vcpu);

#endif /* TDX_H */
