/* SPDX-License-Identifier: GPL-2.0-only */
/* A GHCB that the host fills in, for an agent to exit with: requests no sound guest would make. */
#ifndef GHCB_PAGE_H
#define GHCB_PAGE_H

#include "abi/x86/ghcb.h"
#include "machine/agent.h"

struct ghcb_page {
	struct agent *agent;
	uint64_t address;	/* control address of the page */
	uint64_t *field;	/* the host's view */
	uint64_t gpa;		/* of the GHCB that the agent has registered */
};

/**
 * ghcb_page_create() - get a page to prepare requests in
 * @a: an SNP guest's vCPU
 *
 * Return: the page.
 */
struct ghcb_page ghcb_page_create(struct agent *a);

/**
 * ghcb_page_begin() - an empty request
 * @g: the page
 * @code: of the exit
 * @info1: SW_EXITINFO1
 * @info2: SW_EXITINFO2
 */
void ghcb_page_begin(struct ghcb_page *g, uint64_t code, uint64_t info1, uint64_t info2);

/**
 * ghcb_page_set() - fill in a field, and say that it is valid
 * @g: the page
 * @field: enum ghcb_field
 * @value: of it
 */
void ghcb_page_set(struct ghcb_page *g, unsigned int field, uint64_t value);

/**
 * ghcb_page_exit() - let the agent exit with it
 * @g: the page, which has the answer afterwards
 *
 * Return: the low half of SW_EXITINFO1.
 */
uint32_t ghcb_page_exit(struct ghcb_page *g);

/**
 * ghcb_page_msr() - a request by the MSR alone
 * @a: the vCPU
 * @value: of the MSR
 *
 * Return: the MSR afterwards.
 */
uint64_t ghcb_page_msr(struct agent *a, uint64_t value);

#endif /* GHCB_PAGE_H */
