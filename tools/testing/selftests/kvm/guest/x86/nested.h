/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The agent as a hypervisor: it starts a guest of its own, which is the agent, and stays behind it
 * as L1.  L2 has the same memory, tables and handlers; what it does goes to KVM unless L1 asked for
 * it.  L1 asks for an instruction by which L2 calls it (STGI, or VMCALL), and for violations of the
 * tables that it made.
 */
#ifndef GUEST_NESTED_H
#define GUEST_NESTED_H

#include "abi/x86/agent_arch.h"
#include "guest/guest.h"

/**
 * nested_init() - become a hypervisor, and go on in L2
 * @mb: the vCPU's mailbox
 */
void nested_init(struct agent_mailbox *mb);

/**
 * nested_call() - L2 asks L1 for something
 * @mb: the vCPU's mailbox
 * @what: enum agent_l1_request
 * @args: of it
 *
 * Return: the answer.
 */
int64_t nested_call(struct agent_mailbox *mb, uint64_t what, const uint64_t args[4]);

/**
 * nested_hypercall() - L1 makes a hypercall for L2, if that is what L2 asked for
 * @l1: L1's
 */
void nested_hypercall(struct agent_l1 *l1);

/**
 * nested_lost() - an exit that L1 did not ask for, or no entry
 *
 * Nobody goes on from here: the host says so, for an operation is under way.
 */
void nested_lost(void);

#endif /* GUEST_NESTED_H */
