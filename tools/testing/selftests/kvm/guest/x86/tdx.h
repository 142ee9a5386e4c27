/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The agent as a TDX guest: what it asks for goes by TDCALL.  Where the CPU does not know that
 * instruction, #UD plays it (struct agent_tdx).
 */
#ifndef GUEST_TDX_H
#define GUEST_TDX_H

#include "abi/x86/tdx.h"
#include "guest/x86/word_access.h"

/**
 * tdx_call() - TDCALL
 * @call: registers; the answer replaces them
 */
void tdx_call(struct tdx_call *call);

/**
 * tdx_init() - let interrupts in, by which the host gives operations up
 */
void tdx_init(void);

/**
 * tdx_out() - OUT, by the hypervisor
 * @port: where to
 * @value: what
 */
void tdx_out(uint16_t port, uint32_t value);

/**
 * tdx_convert() - change the state of pages: MapGPA, then ACCEPT of those that become private
 * @gpa: start, bytes
 * @size: bytes
 * @to_private: which way
 *
 * Return: 0, or what was not done: the answer of the hypervisor or of the module.
 */
int64_t tdx_convert(uint64_t gpa, uint64_t size, int to_private);

/**
 * tdx_ve() - the handler of #VE: an access to a hole, or to a page that was not accepted
 * @frame: where it happened
 *
 * Return: 1 to go on there; 0 for an exception like any other.
 */
int tdx_ve(struct exception_frame *frame);

/**
 * tdx_ud() - the handler of #UD: TDCALL is played
 * @frame: where it happened
 *
 * Return: 1 to go on; 0 for an exception like any other.
 */
int tdx_ud(struct exception_frame *frame);

/**
 * tdx_interrupt() - the handler of the interrupt by which the host speaks to the guest
 * @frame: where it happened
 *
 * Return: 1 to go on there, through the other alias; 0 to give the operation up.
 */
int tdx_interrupt(struct exception_frame *frame);

#endif /* GUEST_TDX_H */
