/* SPDX-License-Identifier: GPL-2.0-only */
/* The agent as a hypervisor by VMX; nested.h says what that is for. */
#ifndef GUEST_VMX_H
#define GUEST_VMX_H

#include "abi/x86/agent_arch.h"
#include "guest/guest.h"

/* What vmx_launch() saves at an exit, as it lies on L1's stack. */
struct vmx_registers {
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp, rbx, rdx, rcx, rax;
};

/**
 * vmx_launch() - go on in L2
 * @l1: what L1 needs; its VMCS is the current one, filled in but for RIP and RSP
 * @mb: the vCPU's mailbox
 *
 * Returns in L2.
 */
void vmx_launch(struct agent_l1 *l1, struct agent_mailbox *mb);

/**
 * vmx_init() - become a hypervisor, and go on in L2
 * @mb: the vCPU's mailbox
 */
void vmx_init(struct agent_mailbox *mb);

/**
 * vmx_exit() - L1's part of an exit; vmx_launch() runs L2 again after it
 * @mb: the vCPU's mailbox
 * @l2: L2's registers
 */
void vmx_exit(struct agent_mailbox *mb, const struct vmx_registers *l2);

#endif /* GUEST_VMX_H */
