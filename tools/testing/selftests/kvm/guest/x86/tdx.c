// SPDX-License-Identifier: GPL-2.0-only
#include "abi/word.h"
#include "abi/x86/agent_arch.h"
#include "guest/x86/msr.h"
#include "guest/x86/tdx.h"

#define MSR_X2APIC_EOI		0x80bu
#define MSR_X2APIC_SPURIOUS	0x80fu
#define SPURIOUS_ENABLE		0x1ffu	/* APIC on, vector 255 */

#define PAGE_4K	4096u

/* Return: R10, or RAX if the module itself refused. */
static uint64_t ask(struct tdx_call *call)
{
	tdx_call(call);
	return call->rax ? call->rax : call->r10;
}

/* The module passes writes of EOI on to the APIC, and those of this register to the hypervisor. */
void tdx_init(void)
{
	struct tdx_call call = tdx_wrmsr(MSR_X2APIC_SPURIOUS, SPURIOUS_ENABLE);

	ask(&call);
	__asm__ volatile("sti");
}

void tdx_out(uint16_t port, uint32_t value)
{
	struct tdx_call call = tdx_io_write(port, value);

	ask(&call);
}

static uint64_t map(uint64_t gpa, uint64_t size, int to_private)
{
	const uint64_t end = gpa + size, bits = to_private ? 0 : TDX_SHARED;
	struct tdx_call call;
	uint64_t r;

	do {
		call = tdx_map_gpa(gpa, end - gpa, to_private);
		r = ask(&call);
		/* How far it came: on from there. */
		if (r == TDX_ANSWER_RETRY)
			gpa = call.r11 & ~bits;
	} while (r == TDX_ANSWER_RETRY && gpa < end);
	return r == TDX_ANSWER_RETRY ? 0 : r;
}

static uint64_t accept(uint64_t gpa)
{
	struct tdx_call call = tdx_accept(gpa, 0);

	tdx_call(&call);
	return call.rax;
}

int64_t tdx_convert(uint64_t gpa, uint64_t size, int to_private)
{
	uint64_t r = map(gpa, size, to_private), at;

	for (at = gpa; to_private && !r && at < gpa + size; at += PAGE_4K) {
		r = accept(at);
		/* Another vCPU, or its #VE, was faster. */
		if ((r & TDX_STATUS_CLASS) == TDX_STATUS_ACCEPTED_ALREADY)
			r = 0;
	}
	return r;
}

static uint64_t mmio_read(struct agent_mailbox *mb, uint64_t gpa)
{
	struct tdx_call call = tdx_mmio_read(gpa);

	(void)mb;
	ask(&call);
	return call.r11;
}

static void mmio_write(struct agent_mailbox *mb, uint64_t gpa, uint64_t value)
{
	struct tdx_call call = tdx_mmio_write(gpa, value);

	(void)mb;
	ask(&call);
}

int tdx_ve(struct exception_frame *frame)
{
	struct tdx_call info = tdx_ve_info();

	/* Until it was asked for, a second #VE would be a double fault. */
	tdx_call(&info);
	if (info.rax || (uint32_t)info.rcx != TDX_EXIT_EPT_VIOLATION)
		return 0;
	if (info.r9 & TDX_SHARED)
		return word_access_emulate(frame, mmio_read, mmio_write);
	/* The page may have changed hands again: then the access says so. */
	arch_mailbox()->validated++;
	accept(info.r9 & ~(uint64_t)(PAGE_4K - 1));
	return 1;
}

static int at_tdcall(const struct exception_frame *frame)
{
	const uint8_t *code = (const uint8_t *)frame->rip;

	return code[0] == 0x66 && code[1] == 0x0f && code[2] == 0x01 && code[3] == 0xcc;
}

static struct tdx_call call_of(const struct exception_frame *f)
{
	return (struct tdx_call){
		.rax = f->rax, .rbx = f->rbx, .rcx = f->rcx, .rdx = f->rdx, .rsi = f->rsi,
		.rdi = f->rdi, .r8 = f->r8, .r9 = f->r9, .r10 = f->r10, .r11 = f->r11,
		.r12 = f->r12, .r13 = f->r13, .r14 = f->r14, .r15 = f->r15,
	};
}

static void answer(struct exception_frame *f, const struct tdx_call *c)
{
	f->rax = c->rax;
	f->rbx = c->rbx;
	f->rcx = c->rcx;
	f->rdx = c->rdx;
	f->rsi = c->rsi;
	f->rdi = c->rdi;
	f->r8 = c->r8;
	f->r9 = c->r9;
	f->r10 = c->r10;
	f->r11 = c->r11;
	f->r12 = c->r12;
	f->r13 = c->r13;
	f->r14 = c->r14;
	f->r15 = c->r15;
}

/* The page may have gone: then the host gives the operation up, by an interrupt. */
static void clear(uint64_t *page)
{
	unsigned int i;

	__asm__ volatile("sti");
	for (i = 0; i < PAGE_4K / 8; i++)
		word_store(page + i, 0);
	__asm__ volatile("cli");
}

int tdx_ud(struct exception_frame *frame)
{
	struct agent_mailbox *mb = arch_mailbox();
	struct agent_tdx *played = (struct agent_tdx *)mb->tdx_played;

	if (!played || !at_tdcall(frame))
		return 0;
	played->call = call_of(frame);
	played->again = played->zero = 0;
	__asm__ volatile("outl %0, %1"
			 :: "a"(0), "d"((uint16_t)AGENT_TDCALL_PORT) : "memory");
	/* It had to leave the guest first, and interrupts come in between. */
	if (__atomic_load_n(&played->again, __ATOMIC_RELAXED))
		return 1;
	answer(frame, &played->call);
	frame->rip += 4;
	if (played->zero)
		clear((uint64_t *)played->zero);
	return 1;
}

/* ACCEPT of a page that has gone, or changed hands, meanwhile: it has failed. */
static int fail_accept(struct exception_frame *frame)
{
	if (!at_tdcall(frame) || frame->rax != TDX_ACCEPT)
		return 0;
	frame->rax = TDX_STATUS_BAD_OPERAND;
	frame->rip += 4;
	return 1;
}

int tdx_interrupt(struct exception_frame *frame)
{
	struct agent_mailbox *mb = arch_mailbox();

	wrmsr(MSR_X2APIC_EOI, 0);
	if (fail_accept(frame)) {
		mb->abort = mb->other_alias = 0;
		return 1;
	}
	if (!mb->other_alias)
		return 0;
	mb->other_alias = 0;
	return word_access_other_alias(frame);
}
