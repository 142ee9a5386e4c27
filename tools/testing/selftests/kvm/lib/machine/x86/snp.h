/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SEV-SNP guests: KVM_MEMORY_ENCRYPT_OP (Documentation/virt/kvm/x86/amd-memory-encryption.rst).
 *
 *	vm_create()	KVM_SEV_INIT2, KVM_SEV_SNP_LAUNCH_START; page tables with the C-bit
 *	vcpu_create()	of the first vCPU: all of them, KVM_SEV_SNP_LAUNCH_UPDATE of the agent
 *			and its page tables, KVM_SEV_SNP_LAUNCH_FINISH
 */
#ifndef SNP_H
#define SNP_H

#include "machine/vm.h"
#include "machine/x86/kvm_uapi_x86.h"

/* vCPUs of a guest: each of them is launched, whether a test takes it or not. */
#define SNP_VCPUS	8u

/* The least that KVM and firmware accept; a host with SMT wants to have it allowed. */
#define SNP_POLICY	(SNP_POLICY_RESERVED | SNP_POLICY_SMT)

/**
 * snp_modelled() - is the machine a model?
 *
 * Return: true if the kernel was built with the feature snpsim (docs/confidential.md): then
 * nothing is said about AMD's hardware or firmware.
 */
bool snp_modelled(void);

/**
 * snp_type() - the VM type of SNP guests
 *
 * Return: the type; skips the sub-test if KVM does not offer it.
 */
const struct vm_type *snp_type(void);

/**
 * snp_assigned() - how many pages do guests own?
 *
 * Return: the model's count of them, over all guests; -1 on hardware, which does not say.
 */
long snp_assigned(void);

/**
 * snp_device() - open the secure processor, once
 *
 * Return: the descriptor; skips the sub-test, saying what is missing, if it cannot be opened.
 */
int snp_device(void);

/**
 * snp_c_bit() - where is the C-bit?
 *
 * Return: its number in a page table entry (CPUID 0x8000001f, EBX 5:0).
 */
unsigned int snp_c_bit(void);

/**
 * __snp_command() - KVM_MEMORY_ENCRYPT_OP
 * @vm: the VM
 * @id: SNP_INIT2 and so on
 * @args: of the command
 * @firmware: if not NULL, set to the firmware's error
 *
 * Return: 0 or -errno.
 */
int __snp_command(struct vm *vm, uint32_t id, void *args, uint32_t *firmware);

/**
 * __snp_update() - KVM_SEV_SNP_LAUNCH_UPDATE until done
 * @vm: the VM
 * @type: of the pages
 * @gpa: start, bytes
 * @size: bytes
 * @from: what they hold
 * @firmware: if not NULL, set to the firmware's error
 *
 * Return: 0 or -errno, which may come after part of the pages.
 */
int __snp_update(struct vm *vm, enum snp_page type, uint64_t gpa, uint64_t size, const void *from,
		 uint32_t *firmware);

/**
 * snp_init() - make a VM an SNP guest, and begin its launch
 * @vm: without vCPUs
 */
void snp_init(struct vm *vm);

/**
 * snp_launch() - launch the agent, and close the guest
 * @vm: all of whose vCPUs have their registers
 */
void snp_launch(struct vm *vm);

#endif /* SNP_H */
