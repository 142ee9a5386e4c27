/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers of a vCPU in a page of the guest's own (VMSA), which another vCPU has written, and
 * with which it asks the hypervisor to create, replace or destroy that vCPU (AMD 56421, 4.3.2).
 */
#ifndef SNP_VMSA_H
#define SNP_VMSA_H

#include "scenario/x86/ghcb_page.h"

/* Offsets in the VMSA (APM 2, table B-4). */
#define VMSA_RIP	0x178u

/**
 * snp_vmsa_write() - write registers that start the agent into a private page
 * @by: the vCPU that writes
 * @gpa: of the page
 * @mailbox: of the vCPU that is to start with them, a control address
 * @stack: a control address
 *
 * Return: what RMPADJUST said: 0 if the page is a VMSA now.
 */
uint64_t snp_vmsa_write(struct agent *by, uint64_t gpa, uint64_t mailbox, uint64_t stack);

/**
 * snp_vmsa_request() - ask for a vCPU to be created or destroyed
 * @g: the page of the vCPU that asks
 * @vcpu: id of the other one
 * @request: AP_CREATE and so on
 * @gpa: of the VMSA
 * @features: that the VMSA says it has; SNP alone is 1
 *
 * Return: 0, or enum ghcb_reason.
 */
uint64_t snp_vmsa_request(struct ghcb_page *g, unsigned int vcpu, uint64_t request, uint64_t gpa,
			  uint64_t features);

/**
 * snp_vmsa_expect_start() - let a vCPU run until its agent has started anew, or fail
 * @vcpu: the vCPU
 * @what: it is
 */
void snp_vmsa_expect_start(struct vcpu *vcpu, const char *what);

/**
 * snp_vmsa_expect_no_entry() - fail unless KVM_RUN says that the vCPU has no usable registers
 * @vcpu: the vCPU, which is made runnable
 * @what: it is
 */
void snp_vmsa_expect_no_entry(struct vcpu *vcpu, const char *what);

/**
 * snp_vmsa_expect_halted() - fail unless a vCPU sleeps in KVM_RUN, as one that was destroyed does
 * @vcpu: the vCPU
 */
void snp_vmsa_expect_halted(struct vcpu *vcpu);

#endif /* SNP_VMSA_H */
