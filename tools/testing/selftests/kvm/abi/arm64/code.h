/* SPDX-License-Identifier: GPL-2.0-only */
/* A little A64 code, for tests that execute what they wrote (Arm ARM C6.2). */
#ifndef CODE_H
#define CODE_H

#include <stdint.h>

#define CODE_WORDS	5	/* instructions, at most */

#define CODE_MOVZ_X0	0xd2800000u	/* movz x0, #imm16 */
#define CODE_MOVK_X0	0xf2800000u	/* movk x0, #imm16, lsl #16 * n */
#define CODE_RET	0xd65f03c0u
#define CODE_LDR_X1_X0	0xf9400001u	/* ldr x1, [x0] */
#define CODE_ADD_X1_1	0x91000421u	/* add x1, x1, #1 */
#define CODE_STR_X1_X0	0xf9000001u	/* str x1, [x0] */
#define CODE_B_BACK_3	0x17fffffdu	/* b . - 12 */

/**
 * code_return() - write a function that returns a value: a stale one gives itself away
 * @code: CODE_WORDS instructions
 * @value: what the function returns in x0
 */
static inline void code_return(uint32_t *code, uint64_t value)
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		code[i] = (i ? CODE_MOVK_X0 : CODE_MOVZ_X0) | i << 21 |
			  (uint32_t)(value >> 16 * i & 0xffff) << 5;
	code[4] = CODE_RET;
}

/**
 * code_count() - write a loop without end that counts in the word at x0
 * @code: CODE_WORDS instructions
 */
static inline void code_count(uint32_t *code)
{
	code[0] = CODE_LDR_X1_X0;
	code[1] = CODE_ADD_X1_1;
	code[2] = CODE_STR_X1_X0;
	code[3] = CODE_B_BACK_3;
	code[4] = CODE_RET;
}

#endif /* CODE_H */
