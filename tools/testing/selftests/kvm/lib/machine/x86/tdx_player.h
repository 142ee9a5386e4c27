/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The host plays the TDX module, and KVM's half of it, for an agent in an ordinary VM whose #UD
 * handler passes on TDCALL: what is checked is the agent, and how the host deals with it.
 * Nothing that happens here says anything about TDX.
 *
 * Unlike the module, the player lets pages be used that were not accepted, and ACCEPT makes
 * pages zero only if tdx_player_lie(TDX_LIE_NONE) asks for it: by the type's policy contents are
 * undefined.
 */
#ifndef TDX_PLAYER_H
#define TDX_PLAYER_H

#include "machine/vcpu.h"

/**
 * tdx_player_boot() - registers of a TDX guest's vCPU
 * @vcpu: the vCPU, which has its CPUID
 * @mailbox: its mailbox
 */
void tdx_player_boot(struct vcpu *vcpu, uint64_t mailbox);

/**
 * tdx_player_call() - play the TDCALL that a vCPU left the guest for
 * @vcpu: the vCPU
 * @exit: what KVM would have made of it: VCPU_EXIT_INTERRUPTED if only the answer is due
 */
void tdx_player_call(struct vcpu *vcpu, struct vcpu_exit *exit);

/**
 * tdx_player_map_answer() - answer MapGPA
 * @vcpu: the vCPU
 * @error: 0 or a positive errno
 */
void tdx_player_map_answer(struct vcpu *vcpu, int error);

/**
 * tdx_player_ve() - raise #VE in the guest
 * @vcpu: the vCPU, out of KVM_RUN by a memory fault, whose access is the reason
 * @gpa: that it was to, with the bit that makes it shared if it was
 */
void tdx_player_ve(struct vcpu *vcpu, uint64_t gpa);

/* How the player may lie, so that a check is seen to fail. */
enum tdx_lie {
	TDX_LIE_NONE,		/* one vCPU alone converts */
	TDX_LIE_ACCEPT_KEEPS,	/* ACCEPT leaves the page as it was */
	TDX_LIE_MAP_NOTHING,	/* MapGPA succeeds, and nothing was done */
};

/**
 * tdx_player_lie() - lie from now on
 * @lie: how
 */
void tdx_player_lie(enum tdx_lie lie);

#endif /* TDX_PLAYER_H */
