/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second vCPU that the agent of an SNP guest creates itself: its registers are in a page of
 * the guest's own (arch/x86/kvm/svm/sev.c, sev_snp_ap_creation()).
 */
#ifndef SNP_AP_H
#define SNP_AP_H

#include "harness/page.h"
#include "scenario/scene.h"
#include "scenario/x86/snp_vmsa.h"

#define AP_GPA	AGENT_TEST_GPA	/* a multiple of 2M, where no VMSA may be */
#define AP_PAGES	8u
#define AP_VMSA	(AP_GPA + PAGE)
#define AP_OTHER	(AP_GPA + 2 * PAGE)
#define AP_FEATURES	1u		/* SNP */
#define AP_STACK_SIZE	0x4000u

/** struct snp_ap - the agent, and the vCPU that it creates */
struct snp_ap {
	struct scene s;		/* the agent's, with AP_PAGES private pages at AP_GPA */
	struct ghcb_page ghcb;	/* of the agent */
	struct vcpu *vcpu;	/* the second one */
	uint64_t stack;		/* for it, a control address */
};

/**
 * snp_ap_open() - an SNP guest with one agent, and a second vCPU without registers of its own
 *
 * Return: what snp_ap_close() takes.
 */
struct snp_ap snp_ap_open(void);

/**
 * snp_ap_close() - end the guest, and fail if pages stay assigned to it
 * @a: the guest
 */
void snp_ap_close(struct snp_ap *a);

/**
 * snp_ap_create() - write registers of the second vCPU, and have it created with them
 * @a: the guest
 * @gpa: of the page that the registers go to
 */
void snp_ap_create(struct snp_ap *a, uint64_t gpa);

#endif /* SNP_AP_H */
