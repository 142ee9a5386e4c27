/* SPDX-License-Identifier: GPL-2.0-only */
/* The three instructions of word.h, found again by a handler of exceptions. */
#ifndef GUEST_WORD_ACCESS_H
#define GUEST_WORD_ACCESS_H

#include "guest/guest.h"

/* What an exception finds on the stack and in registers; entry.S, resumable. */
struct exception_frame {
	uint64_t r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp, rbx, rdx, rcx, rax;
	uint64_t error, rip, cs, rflags, rsp, ss;
};

/**
 * word_access() - is it one of them?
 * @frame: where it happened; their address is in rsi, the value in rax
 *
 * Return: 1 if so.
 */
int word_access(const struct exception_frame *frame);

/**
 * word_access_emulate() - ask the hypervisor for what the instruction would have done
 * @frame: where it happened; goes on behind it
 * @read: a word at a gpa
 * @write: likewise
 *
 * Return: 1; 0 if it is none of them.
 */
int word_access_emulate(struct exception_frame *frame,
			uint64_t (*read)(struct agent_mailbox *mb, uint64_t gpa),
			void (*write)(struct agent_mailbox *mb, uint64_t gpa, uint64_t value));

/**
 * word_access_other_alias() - repeat it through the other alias
 * @frame: where it happened
 *
 * Return: 1; 0 if it is none of them.
 */
int word_access_other_alias(struct exception_frame *frame);

#endif /* GUEST_WORD_ACCESS_H */
