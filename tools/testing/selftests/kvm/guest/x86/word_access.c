// SPDX-License-Identifier: GPL-2.0-only
#include "guest/x86/word_access.h"

enum { LOAD = 0x8b, STORE = 0x89, EXCHANGE = 0x87 };

#define LENGTH	3u	/* REX.W, opcode, ModRM: rax and (%rsi) */

int word_access(const struct exception_frame *frame)
{
	const uint8_t *code = (const uint8_t *)frame->rip;

	return code[0] == 0x48 && code[2] == 0x06 &&
	       (code[1] == LOAD || code[1] == STORE || code[1] == EXCHANGE);
}

int word_access_emulate(struct exception_frame *frame,
			uint64_t (*read)(struct agent_mailbox *mb, uint64_t gpa),
			void (*write)(struct agent_mailbox *mb, uint64_t gpa, uint64_t value))
{
	struct agent_mailbox *mb = arch_mailbox();
	const uint64_t gpa = frame->rsi & (AGENT_ALIAS_PRIVATE - 1), value = frame->rax;
	uint8_t opcode;

	if (!word_access(frame))
		return 0;
	opcode = ((const uint8_t *)frame->rip)[1];
	if (opcode != STORE)
		frame->rax = read(mb, gpa);
	if (opcode != LOAD)
		write(mb, gpa, value);
	frame->rip += LENGTH;
	return 1;
}

int word_access_other_alias(struct exception_frame *frame)
{
	if (!word_access(frame))
		return 0;
	frame->rsi ^= AGENT_ALIAS_PRIVATE ^ AGENT_ALIAS_SHARED;
	return 1;
}
