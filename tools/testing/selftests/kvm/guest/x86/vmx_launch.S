/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * void vmx_launch(struct agent_l1 *l1, struct agent_mailbox *mb)
 *
 * L2 begins where this returns to; VM entry takes RSP and RIP from the VMCS, and leaves the rest.
 */
	.set	vmcs_guest_rsp, 0x681c
	.set	vmcs_guest_rip, 0x681e
	.set	vmcs_host_rsp, 0x6c14
	.set	vmcs_host_rip, 0x6c16

	.text
	.globl	vmx_launch
vmx_launch:
	movl	$vmcs_guest_rip, %eax
	vmwrite	(%rsp), %rax
	movl	$vmcs_guest_rsp, %eax
	leaq	8(%rsp), %rcx
	vmwrite	%rcx, %rax
	movq	8(%rdi), %rsp			/* l1->stack */
	pushq	%rsi
	movl	$vmcs_host_rsp, %eax
	vmwrite	%rsp, %rax
	movl	$vmcs_host_rip, %eax
	leaq	1f(%rip), %rcx
	vmwrite	%rcx, %rax
	vmlaunch
	call	nested_lost

1:	.irp	reg, rax, rcx, rdx, rbx, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15
	pushq	%\reg
	.endr
	movq	15*8(%rsp), %rdi
	movq	%rsp, %rsi
	cld
	call	vmx_exit
	.irp	reg, r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp, rbx, rdx, rcx, rax
	popq	%\reg
	.endr
	vmresume
	call	nested_lost

	.section .note.GNU-stack, "", @progbits
