/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages of a TDX guest: MapGPA, ACCEPT, #VE, and what the hypervisor answers to bad requests; as
 * sub-tests, whose argument is a struct tdx_row, for TDX and for a TDX that is played.
 */
#ifndef TDX_PAGES_H
#define TDX_PAGES_H

#include "harness/runner.h"
#include "scenario/scene.h"

#define TDX_PAGES	1100u
#define TDX_PAGES_GPA	AGENT_TEST_GPA

/* Which guest, and how many pages. */
struct tdx_row {
	const struct vm_type *(*type)(void);
	uint32_t pages;
};

/**
 * tdx_pages_open() - memory of TDX_PAGES pages, the first of which are private
 * @run: the sub-test
 * @private: how many
 *
 * Return: the scene.
 */
struct scene tdx_pages_open(const struct run *run, uint32_t private);

/**
 * tdx_pages_boot() - the agent starts at the reset vector and uses both kinds of memory
 * @run: the sub-test
 */
void tdx_pages_boot(const struct run *run);

/**
 * tdx_pages_round_trip() - private, shared and private again, the guest asking
 * @run: the sub-test
 */
void tdx_pages_round_trip(const struct run *run);

/**
 * tdx_pages_refused() - what KVM refuses without asking user space
 * @run: the sub-test
 */
void tdx_pages_refused(const struct run *run);

/**
 * tdx_pages_answers() - user space asks for another try of MapGPA, or refuses it
 * @run: the sub-test
 */
void tdx_pages_answers(const struct run *run);

/**
 * tdx_pages_accept_shared() - ACCEPT of a shared page is a memory fault, and is made again
 * @run: the sub-test
 */
void tdx_pages_accept_shared(const struct run *run);

/**
 * tdx_pages_accept_twice() - ACCEPT of a page that is accepted; only a TDX module knows
 * @run: the sub-test
 */
void tdx_pages_accept_twice(const struct run *run);

/**
 * tdx_pages_punch() - a page that was punched is new
 * @run: the sub-test
 */
void tdx_pages_punch(const struct run *run);

/**
 * tdx_pages_hole() - accesses to a hole become requests
 * @run: the sub-test
 */
void tdx_pages_hole(const struct run *run);

#endif /* TDX_PAGES_H */
