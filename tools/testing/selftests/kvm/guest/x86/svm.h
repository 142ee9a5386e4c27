/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The agent as a hypervisor: it starts a guest of its own, which is the agent, and stays behind it
 * as L1.  L2 has the same memory, tables and handlers; what it does goes to KVM unless L1 asked for
 * it.  L1 asks for STGI, by which L2 calls it, and for violations of the tables that it made.
 */
#ifndef GUEST_SVM_H
#define GUEST_SVM_H

#include "abi/x86/agent_arch.h"
#include "guest/guest.h"

/**
 * svm_launch() - go on in L2
 * @l1: what L1 needs, filled in
 * @mb: the vCPU's mailbox
 *
 * Returns in L2.
 */
void svm_launch(struct agent_l1 *l1, struct agent_mailbox *mb);

/**
 * svm_init() - become a hypervisor, and go on in L2
 * @mb: the vCPU's mailbox
 */
void svm_init(struct agent_mailbox *mb);

/**
 * svm_call() - L2 asks L1 for something
 * @mb: the vCPU's mailbox
 * @what: enum agent_l1_request
 * @args: of it
 *
 * Return: the answer.
 */
int64_t svm_call(struct agent_mailbox *mb, uint64_t what, const uint64_t args[4]);

/**
 * svm_exit() - L1's part of an exit; svm_launch() runs L2 again after it
 * @mb: the vCPU's mailbox
 */
void svm_exit(struct agent_mailbox *mb);

#endif /* GUEST_SVM_H */
