/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * x86-64 entry, exception stubs and context switching of the guest agent.
 * The host enters agent_entry in 64-bit mode with rdi = mailbox, rsp = stack top.
 */
	.section .text.entry, "ax"
	.globl	agent_entry
agent_entry:
	xorl	%ebp, %ebp
	call	agent_main
	ud2

	.text

/*
 * One stub of 16 bytes per vector, so that the IDT can be filled by arithmetic:
 * push an error code where the CPU does not, push the vector, go on together.
 */
	.balign	16
	.globl	exception_stubs
exception_stubs:
	.set	vector, 0
	.rept	32
	.balign	16
	/* Without an error code: all but 8, 10 to 14, 17, 21, 29 and 30 (AMD APM 2, 8.2). */
	.if	!(0x60227d00 >> vector & 1)
	pushq	$0
	.endif
	.if	vector == 29
	jmp	vc_entry
	.elseif	vector == 20
	jmp	ve_entry
	.elseif	vector == 13
	jmp	gp_entry
	.elseif	vector == 6
	jmp	ud_entry
	.else
	pushq	$vector
	jmp	exception_common
	.endif
	.set	vector, vector + 1
	.endr

/* Stack: vector, error code, rip, cs, rflags, rsp, ss.  Never returns by iret. */
exception_common:
	movq	(%rsp), %rdi
	movq	8(%rsp), %rsi
	movq	%cr2, %rdx
	movq	16(%rsp), %rcx
	/* What goes on behind arch_context_save() hears the host again if this did. */
	testl	$0x200, 32(%rsp)
	jz	1f
	sti
1:	andq	$~15, %rsp
	cld
	call	agent_exception
	ud2

/* An exception that may be dealt with, struct exception_frame; then the guest goes on there. */
	.macro	resumable	handler, vector
	.irp	reg, rax, rcx, rdx, rbx, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15
	pushq	%\reg
	.endr
	movq	%rsp, %rdi
	movq	%rsp, %rbx
	andq	$~15, %rsp
	cld
	call	\handler
	movq	%rbx, %rsp
	testl	%eax, %eax
	.irp	reg, r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp, rbx, rdx, rcx, rax
	popq	%\reg
	.endr
	jz	1f
	addq	$8, %rsp
	iretq
1:	pushq	$\vector
	jmp	exception_common
	.endm

vc_entry:
	resumable	snp_vc, 29
ve_entry:
	resumable	tdx_ve, 20
gp_entry:
	resumable	snp_gp, 13
ud_entry:
	resumable	tdx_ud, 6

	.globl	interrupt_entry
interrupt_entry:
	pushq	$0
	resumable	tdx_interrupt, 0x40

/* int arch_context_save(uint64_t *context) */
	.globl	arch_context_save
arch_context_save:
	movq	(%rsp), %rax
	movq	%rax, 0(%rdi)
	leaq	8(%rsp), %rax
	movq	%rax, 8(%rdi)
	movq	%rbx, 16(%rdi)
	movq	%rbp, 24(%rdi)
	movq	%r12, 32(%rdi)
	movq	%r13, 40(%rdi)
	movq	%r14, 48(%rdi)
	movq	%r15, 56(%rdi)
	xorl	%eax, %eax
	ret

/* void arch_context_restore(uint64_t *context) */
	.globl	arch_context_restore
arch_context_restore:
	movq	8(%rdi), %rsp
	movq	16(%rdi), %rbx
	movq	24(%rdi), %rbp
	movq	32(%rdi), %r12
	movq	40(%rdi), %r13
	movq	48(%rdi), %r14
	movq	56(%rdi), %r15
	movl	$1, %eax
	jmpq	*0(%rdi)

	.section .note.GNU-stack, "", @progbits
