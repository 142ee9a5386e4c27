/* SPDX-License-Identifier: GPL-2.0-only */
/* From system management mode's 16 bits to the agent; runs at SMM_BASE + SMM_ENTRY (smm.h). */
	.set	here, 0x38000

	.section .rodata
	.globl	smm_entry, smm_entry_end
smm_entry:
	.code16
	movl	$0x20, %eax			/* PAE, before LME */
	movl	%eax, %cr4
	movl	$0xc0000102, %ecx		/* KERNEL_GS_BASE: struct smm_start */
	rdmsr
	movl	%eax, %ebx
	movl	$0xc0000080, %ecx		/* EFER */
	rdmsr
	orl	$0x100, %eax			/* LME */
	wrmsr
	lgdtl	0x18(%ebx)
	movl	0x20(%ebx), %eax
	movl	%eax, %cr3
	movl	%cr0, %eax
	orl	$0x80010021, %eax		/* PG, WP, NE, PE */
	movl	%eax, %cr0
	ljmpl	$0x08, $here + (smm_64 - smm_entry)

	.code64
smm_64:
	movl	$0x10, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %fs
	movl	%eax, %gs
	movl	%eax, %ss
	movl	%ebx, %ebx
	movq	0x30(%rbx), %rsp
	movq	0x38(%rbx), %rdi
	sti					/* AGENT_RFLAGS says why */
	jmpq	*0x28(%rbx)
smm_entry_end:

	.section .note.GNU-stack, "", @progbits
