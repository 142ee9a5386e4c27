/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The agent as an SNP guest: what it asks the hypervisor for goes through the GHCB, by the
 * standard of that name (AMD 56421, version 2).
 */
#ifndef GUEST_SNP_H
#define GUEST_SNP_H

#include "guest/guest.h"
#include "guest/x86/word_access.h"

/**
 * snp_init() - register this vCPU's GHCB; what comes before goes by the MSR alone
 * @mb: the vCPU's mailbox
 */
void snp_init(struct agent_mailbox *mb);

/**
 * snp_out() - OUT, by the GHCB
 * @mb: the vCPU's mailbox
 * @port: where to
 * @value: what
 */
void snp_out(struct agent_mailbox *mb, uint16_t port, uint32_t value);

/**
 * snp_convert() - change the state of pages, theirs and the table's
 * @mb: the vCPU's mailbox
 * @gpa: start, bytes
 * @size: bytes; a single page goes by the MSR, more by the GHCB
 * @to_private: which way
 *
 * Return: 0, or what was not done: the answer of the hypervisor, or of PVALIDATE.
 */
int64_t snp_convert(struct agent_mailbox *mb, uint64_t gpa, uint64_t size, int to_private);

/**
 * snp_pvalidate() - PVALIDATE of a page of 4K
 * @address: linear, of the private alias
 * @valid: 1, or 0 to rescind
 *
 * Return: EAX, or -1 if the table said so already (CF).
 */
int snp_pvalidate(uint64_t address, int valid);

/**
 * snp_op() - carry out an operation that SNP guests have alone
 * @mb: the vCPU's mailbox
 * @r: its result
 *
 * Return: enum agent_status.
 */
uint32_t snp_op(struct agent_mailbox *mb, struct agent_result *r);

/**
 * snp_vc() - the handler of #VC
 * @frame: where it happened
 *
 * Return: 1 to go on there; 0 for an exception like any other.
 */
int snp_vc(struct exception_frame *frame);

/**
 * snp_gp() - the handler of #GP, by which the host speaks to the guest
 * @frame: where it happened
 *
 * Return: 1 to go on there, through the other alias; 0 for an exception like any other.
 */
int snp_gp(struct exception_frame *frame);

#endif /* GUEST_SNP_H */
