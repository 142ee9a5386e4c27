/* SPDX-License-Identifier: GPL-2.0-only */
/* See legacy.h; runs wherever the host copies it to. */
	.set	done, 0x5a
	.set	fault, 0x5b

	.section .rodata
	.code32
	.globl	legacy_code, legacy_code_end
	.globl	legacy_load, legacy_store, legacy_invlpg, legacy_cr3, legacy_fault
legacy_code:
legacy_load:
	movl	(%ebx), %eax
	outb	%al, $done
legacy_store:
	movl	%eax, (%ebx)
	outb	%al, $done
legacy_invlpg:
	invlpg	(%ebx)
	outb	%al, $done
legacy_cr3:
	movl	%eax, %cr3
	outb	%al, $done
legacy_fault:
	popl	%ecx
	movl	%cr2, %edx
	outb	%al, $fault
legacy_code_end:

	.section .note.GNU-stack, "", @progbits
