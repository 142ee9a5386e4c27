/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * arm64 entry, vectors and context switching of the guest agent.
 * The host enters agent_entry at EL1 with the MMU on, x0 = mailbox, sp = stack top.
 */
	.section .text.entry, "ax"
	.globl	agent_entry
agent_entry:
	mov	x29, xzr
	mov	x30, xzr
	bl	agent_main
	udf	#0

	.text

#define FRAME_SIZE	176

/* Sixteen entries of 128 bytes (Arm ARM D1.3.1.5); one to four and nine on never happen. */
	.balign	2048
	.globl	exception_vectors
exception_vectors:
	.set	entry, 0
	.rept	16
	.balign	128
	sub	sp, sp, #FRAME_SIZE
	stp	x0, x1, [sp]
	mov	x0, #entry
	b	exception_common
	.set	entry, entry + 1
	.endr

/*
 * All that a C function may change is saved, because the interrupted code goes on where
 * there is a fixup for it.
 */
exception_common:
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x30, [sp, #144]
	mrs	x1, esr_el1
	mrs	x2, far_el1
	mrs	x3, elr_el1
	bl	arch_exception
	msr	elr_el1, x0
	ldp	x18, x30, [sp, #144]
	ldp	x16, x17, [sp, #128]
	ldp	x14, x15, [sp, #112]
	ldp	x12, x13, [sp, #96]
	ldp	x10, x11, [sp, #80]
	ldp	x8, x9, [sp, #64]
	ldp	x6, x7, [sp, #48]
	ldp	x4, x5, [sp, #32]
	ldp	x2, x3, [sp, #16]
	ldp	x0, x1, [sp]
	add	sp, sp, #FRAME_SIZE
	eret

/* int arch_context_save(uint64_t *context) */
	.globl	arch_context_save
arch_context_save:
	mov	x1, sp
	stp	x30, x1, [x0]
	stp	x19, x20, [x0, #16]
	stp	x21, x22, [x0, #32]
	stp	x23, x24, [x0, #48]
	stp	x25, x26, [x0, #64]
	stp	x27, x28, [x0, #80]
	str	x29, [x0, #96]
	mov	w0, #0
	ret

/* void arch_context_restore(uint64_t *context) */
	.globl	arch_context_restore
arch_context_restore:
	ldp	x30, x1, [x0]
	mov	sp, x1
	ldp	x19, x20, [x0, #16]
	ldp	x21, x22, [x0, #32]
	ldp	x23, x24, [x0, #48]
	ldp	x25, x26, [x0, #64]
	ldp	x27, x28, [x0, #80]
	ldr	x29, [x0, #96]
	mov	w0, #1
	ret

	.section .note.GNU-stack, "", %progbits
