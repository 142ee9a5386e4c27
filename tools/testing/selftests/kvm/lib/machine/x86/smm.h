/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Agents in system management mode, where a vCPU finds the memslots of address space 1 (api.rst,
 * 4.35: bits 16 and up of a memslot's number).  With --level smm all agents start in it, and every
 * memslot but the control memslot is of that address space.
 */
#ifndef SMM_H
#define SMM_H

#include "abi/x86/smm.h"
#include "machine/vcpu.h"

#define SMM_SPACE	(1u << 16)	/* of a memslot's number */

/**
 * smm_init() - give the second address space what agents need: control memory, and code to start by
 * @vm: the VM
 *
 * Skips the sub-test if there is no such address space in VMs of this type.
 */
void smm_init(struct vm *vm);

/**
 * smm_enter() - start the agent in system management mode at the next KVM_RUN
 * @vcpu: the vCPU; what it did before waits until AGENT_OP_RSM
 * @mailbox: its mailbox
 *
 * The agent rings its doorbell as it did when it booted.
 */
void smm_enter(struct vcpu *vcpu, uint64_t mailbox);

#endif /* SMM_H */
