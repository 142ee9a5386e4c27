// SPDX-License-Identifier: GPL-2.0-only
#include "abi/word.h"
#include "abi/x86/agent_arch.h"
#include "abi/x86/ghcb.h"
#include "guest/x86/msr.h"
#include "guest/x86/snp.h"
#include "guest/x86/word_access.h"

/* Error codes of #VC that the agent deals with. */
#define VC_MMIO		0x400u
#define VC_NOT_VALID	0x404u

#define PVALIDATE_FAILED	1u	/* FAIL_INPUT */

static void vmgexit(void)
{
	__asm__ volatile("rep; vmmcall" ::: "memory");
}

static uint64_t msr_request(uint64_t request)
{
	wrmsr(GHCB_MSR_NUMBER, request);
	vmgexit();
	return rdmsr(GHCB_MSR_NUMBER);
}

void snp_init(struct agent_mailbox *mb)
{
	msr_request(GHCB_MSR_REGISTER | mb->ghcb);
}

static volatile uint64_t *ghcb_of(const struct agent_mailbox *mb)
{
	return (volatile uint64_t *)mb->ghcb;
}

static void ghcb_set(struct agent_mailbox *mb, unsigned int field, uint64_t value)
{
	volatile uint64_t *ghcb = ghcb_of(mb);

	ghcb[field] = value;
	ghcb[GHCB_VALID + field / 64] |= 1ull << field % 64;
}

static void ghcb_begin(struct agent_mailbox *mb)
{
	volatile uint64_t *ghcb = ghcb_of(mb);

	ghcb[GHCB_VALID] = ghcb[GHCB_VALID + 1] = 0;
	ghcb[GHCB_VERSION] = GHCB_VERSION_2;
}

/* Return: the low half of the first answer, 0 if there is nothing to do. */
static uint32_t ghcb_exit(struct agent_mailbox *mb, uint64_t code, uint64_t info1, uint64_t info2)
{
	ghcb_set(mb, GHCB_EXIT_CODE, code);
	ghcb_set(mb, GHCB_INFO_1, info1);
	ghcb_set(mb, GHCB_INFO_2, info2);
	wrmsr(GHCB_MSR_NUMBER, mb->ghcb);
	vmgexit();
	return ghcb_of(mb)[GHCB_INFO_1];
}

/* Port, 4 bytes, a 64-bit address size, OUT (APM 2, 15.10.2). */
void snp_out(struct agent_mailbox *mb, uint16_t port, uint32_t value)
{
	ghcb_begin(mb);
	ghcb_set(mb, GHCB_RAX, value);
	ghcb_exit(mb, GHCB_IOIO, (uint64_t)port << 16 | 1 << 9 | 1 << 6, 0);
}

static int pvalidate(uint64_t address, uint32_t large, int valid)
{
	uint32_t result;
	uint8_t same;

	__asm__ volatile(".byte 0xf2, 0x0f, 0x01, 0xff; setc %1"
			 : "=a"(result), "=qm"(same)
			 : "a"(address), "c"(large), "d"(valid) : "memory", "cc");
	return same ? -1 : (int)result;
}

int snp_pvalidate(uint64_t address, int valid)
{
	return pvalidate(address, 0, valid);
}

static int validate(uint64_t gpa, uint64_t size, int valid)
{
	uint64_t at;

	for (at = gpa; at < gpa + size; at += 4096) {
		int r = snp_pvalidate(at + AGENT_ALIAS_PRIVATE, valid);

		if (r > 0)
			return r;
	}
	return 0;
}

static int64_t convert_by_msr(uint64_t gpa, uint64_t state)
{
	uint64_t answer = msr_request(GHCB_MSR_PAGE_STATE | gpa | state << 52);

	if ((answer & GHCB_MSR_MASK) != GHCB_MSR_PAGE_STATE + 1)
		return -1;
	return (int64_t)(answer >> 32);
}

static int64_t convert_by_page(struct agent_mailbox *mb, uint64_t gpa, uint64_t pages,
			       uint64_t state)
{
	volatile uint64_t *buffer = ghcb_of(mb) + GHCB_BUFFER;
	uint64_t i;

	ghcb_begin(mb);
	buffer[0] = PSC_HEADER(0, pages - 1);
	for (i = 0; i < pages; i++)
		buffer[1 + i] = PSC_ENTRY(gpa + 4096 * i, state, 0);
	ghcb_set(mb, GHCB_SCRATCH, mb->ghcb + 8 * GHCB_BUFFER);
	if (ghcb_exit(mb, GHCB_PSC, 0, 0))
		return -1;
	return ghcb_of(mb)[GHCB_INFO_2];
}

int64_t snp_convert(struct agent_mailbox *mb, uint64_t gpa, uint64_t size, int to_private)
{
	const uint64_t state = to_private ? PSC_PRIVATE : PSC_SHARED;
	uint64_t at, pages;
	int64_t r = 0;

	if (!to_private)
		r = validate(gpa, size, 0);
	for (at = gpa; at < gpa + size && !r; at += 4096 * pages) {
		pages = (gpa + size - at) / 4096;
		if (pages > PSC_ENTRIES)
			pages = PSC_ENTRIES;
		r = pages == 1 ? convert_by_msr(at, state) :
				 convert_by_page(mb, at, pages, state);
	}
	return to_private && !r ? validate(gpa, size, 1) : r;
}

/* PVALIDATE of a page that has gone, or changed hands, meanwhile: it has failed. */
static int fail_pvalidate(struct exception_frame *frame)
{
	const uint8_t *code = (const uint8_t *)frame->rip;

	if (code[0] != 0xf2 || code[1] != 0x0f || code[2] != 0x01 || code[3] != 0xff)
		return 0;
	frame->rax = PVALIDATE_FAILED;
	frame->rflags &= ~1ull;
	frame->rip += 4;
	return 1;
}

static uint64_t mmio_read(struct agent_mailbox *mb, uint64_t gpa)
{
	ghcb_begin(mb);
	ghcb_set(mb, GHCB_SCRATCH, mb->ghcb + 8 * GHCB_BUFFER);
	ghcb_exit(mb, GHCB_MMIO_READ, gpa, 8);
	return ghcb_of(mb)[GHCB_BUFFER];
}

static void mmio_write(struct agent_mailbox *mb, uint64_t gpa, uint64_t value)
{
	ghcb_begin(mb);
	ghcb_of(mb)[GHCB_BUFFER] = value;
	ghcb_set(mb, GHCB_SCRATCH, mb->ghcb + 8 * GHCB_BUFFER);
	ghcb_exit(mb, GHCB_MMIO_WRITE, gpa, 8);
}

int snp_vc(struct exception_frame *frame)
{
	switch (frame->error) {
	case VC_NOT_VALID:
		if (!word_access(frame))
			return 0;
		/* The page may have changed hands again: then the access says so. */
		arch_mailbox()->validated++;
		snp_pvalidate(frame->rsi & ~4095ull, 1);
		return 1;
	case VC_MMIO:
		return fail_pvalidate(frame) || word_access_emulate(frame, mmio_read, mmio_write);
	default:
		return 0;
	}
}

int snp_gp(struct exception_frame *frame)
{
	struct agent_mailbox *mb = arch_mailbox();

	if (!mb->ghcb || !mb->other_alias)
		return 0;
	mb->other_alias = 0;
	if (fail_pvalidate(frame))
		return 1;
	return word_access_other_alias(frame);
}

static uint32_t op_rmpadjust(const struct agent_op *op, struct agent_result *r)
{
	uint32_t result;

	__asm__ volatile(".byte 0xf3, 0x0f, 0x01, 0xfe"
			 : "=a"(result)
			 : "a"(op->arg), "c"(op->size), "d"(op->value) : "memory", "cc");
	r->value = result;
	return AGENT_OK;
}

/* The GHCB is what the host prepared, and goes back to it with the answer. */
static uint32_t op_vmgexit(struct agent_mailbox *mb, struct agent_result *r)
{
	const struct agent_op op = mb->op;
	volatile uint64_t *ghcb = ghcb_of(mb);
	uint64_t *prepared = (uint64_t *)op.arg;
	unsigned int i;

	for (i = 0; prepared && i < GHCB_QUADWORDS; i++)
		ghcb[i] = prepared[i];
	r->value = msr_request(prepared && !op.value ? mb->ghcb : op.value);
	for (i = 0; prepared && i < GHCB_QUADWORDS; i++)
		prepared[i] = ghcb[i];
	return AGENT_OK;
}

uint32_t snp_op(struct agent_mailbox *mb, struct agent_result *r)
{
	const struct agent_op *op = &mb->op;

	switch (op->opcode) {
	case AGENT_OP_PVALIDATE:
		r->value = pvalidate(op->arg, op->size, op->value);
		return AGENT_OK;
	case AGENT_OP_RMPADJUST:
		return op_rmpadjust(op, r);
	case AGENT_OP_VMGEXIT:
		return op_vmgexit(mb, r);
	default:
		return AGENT_BAD_OP;
	}
}
