/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * void svm_launch(struct agent_l1 *l1, struct agent_mailbox *mb)
 *
 * L2 begins where this returns to; VMRUN takes RAX and RSP from the VMCB, and leaves the rest.
 */
	.set	vmcb_rip, 0x578
	.set	vmcb_rsp, 0x5d8

	.text
	.globl	svm_launch
svm_launch:
	movq	0(%rdi), %rax			/* l1->control */
	vmsave	%rax
	movq	(%rsp), %rcx
	movq	%rcx, vmcb_rip(%rax)
	leaq	8(%rsp), %rcx
	movq	%rcx, vmcb_rsp(%rax)
	movq	8(%rdi), %rsp			/* l1->stack */
	pushq	%rsi
	pushq	%rax

1:	movq	(%rsp), %rax
	vmload	%rax
	vmrun	%rax
	vmsave	%rax
	.irp	reg, rcx, rdx, rbx, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15
	pushq	%\reg
	.endr
	movq	14*8+8(%rsp), %rdi
	cld
	call	svm_exit
	.irp	reg, r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp, rbx, rdx, rcx
	popq	%\reg
	.endr
	jmp	1b

	.section .note.GNU-stack, "", @progbits
