/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page that a TDX guest's vCPUs start in: struct tdx_reset (tdx.h), which the host fills in,
 * then code from TDX_RESET_CODE on.  CR0.NE and CR4.MCE have to stay set, EFER.LME is set already.
 */
	.set	base, 0xfffff000
	.set	gdtr, base + 0x18
	.set	root, base + 0x20
	.set	entry, 0x28
	.set	vcpus, 0x40

	.section .rodata
	.balign	4096
	.globl	tdx_reset_page
tdx_reset_page:
	.org	tdx_reset_page + 0xe00
	.code32
start_32:
	lgdtl	gdtr
	movl	%cr4, %eax
	orl	$0x20, %eax			/* PAE */
	movl	%eax, %cr4
	movl	root, %eax
	movl	%eax, %cr3
	movl	%cr0, %eax
	orl	$0x80010000, %eax		/* PG, WP */
	movl	%eax, %cr0
	ljmpl	$0x08, $base + (start_64 - tdx_reset_page)

	.code64
start_64:
	movl	$0x10, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %fs
	movl	%eax, %gs
	movl	%eax, %ss
	movl	$base, %ebx
	movl	%esi, %esi
	shlq	$4, %rsi
	movq	vcpus(%rbx, %rsi), %rsp
	movq	vcpus + 8(%rbx, %rsi), %rdi
	jmpq	*entry(%rbx)

	.org	tdx_reset_page + 0xff0
	.code32
	jmp	start_32
	.org	tdx_reset_page + 0x1000

	.code64
	.section .note.GNU-stack, "", @progbits
