/* SPDX-License-Identifier: GPL-2.0-only */
/* The guest agent, as it is loaded into the control memslot. */
	.section .rodata
	.balign	16
	.globl	agent_image
agent_image:
	.incbin	AGENT_IMAGE
	.globl	agent_image_end
agent_image_end:
	.section .note.GNU-stack, "", %progbits
