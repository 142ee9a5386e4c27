/* SPDX-License-Identifier: GPL-2.0-only */
/* The agent as a hypervisor by SVM; nested.h says what that is for. */
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
 * svm_exit() - L1's part of an exit; svm_launch() runs L2 again after it
 * @mb: the vCPU's mailbox
 */
void svm_exit(struct agent_mailbox *mb);

#endif /* GUEST_SVM_H */
