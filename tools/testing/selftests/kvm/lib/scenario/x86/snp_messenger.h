/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vCPUs of an SNP guest that send messages to the firmware, in shared memory that the host fills.
 * The firmware of a modelled machine answers with the message itself, its type and number one
 * higher; a real one refuses what is not encrypted with the guest's key.
 */
#ifndef SNP_MESSENGER_H
#define SNP_MESSENGER_H

#include "memory/memory.h"
#include "scenario/x86/ghcb_page.h"

#define SNP_MESSENGER_GPA	AGENT_TEST_GPA
#define SNP_MESSENGER_PAGES	8u
#define SNP_MESSENGER_VCPUS	2u

struct snp_messenger {
	struct vm *vm;
	struct memory *ram;	/* shared */
	struct agent *agent[SNP_MESSENGER_VCPUS];
	struct ghcb_page ghcb[SNP_MESSENGER_VCPUS];
};

/**
 * snp_messenger_open() - create the guest
 * @certificates: the host is asked for them (KVM_SEV_SNP_ENABLE_REQ_CERTS)
 *
 * Return: the guest; skips the sub-test if the kernel does not know @certificates.
 */
struct snp_messenger snp_messenger_open(bool certificates);

/**
 * snp_messenger_close() - give everything back
 * @m: the guest
 */
void snp_messenger_close(struct snp_messenger *m);

/**
 * snp_message_write() - write a message
 * @m: the guest
 * @page: where
 * @type: of the message; none is 0
 * @number: of the message, in its sequence
 */
void snp_message_write(struct snp_messenger *m, uint32_t page, uint8_t type, uint64_t number);

/**
 * snp_message_check() - fail unless the modelled firmware's answer is there
 * @m: the guest
 * @from: page of the message
 * @to: page of the answer
 */
void snp_message_check(const struct snp_messenger *m, uint32_t from, uint32_t to);

/**
 * snp_message_run() - run a vCPU up to its next exit
 * @vcpu: whose agent's thread has nothing to do
 *
 * Return: the exit.
 */
struct vcpu_exit snp_message_run(struct vcpu *vcpu);

/**
 * snp_message_send() - let a vCPU exit with its GHCB
 * @m: the guest
 * @i: the vCPU, whose GHCB is filled in
 *
 * Return: the exit; VCPU_EXIT_DOORBELL if that was all.
 */
struct vcpu_exit snp_message_send(struct snp_messenger *m, unsigned int i);

/**
 * snp_message() - send a message that KVM carries to the firmware and back
 * @m: the guest
 * @i: the vCPU
 * @from: guest physical address of the message
 * @to: of the answer
 *
 * Return: SW_EXITINFO2: KVM's error in the upper half, the firmware's in the lower.
 */
uint64_t snp_message(struct snp_messenger *m, unsigned int i, uint64_t from, uint64_t to);

#endif /* SNP_MESSENGER_H */
