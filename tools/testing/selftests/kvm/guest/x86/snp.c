// SPDX-License-Identifier: GPL-2.0-only
#include "abi/x86/agent_arch.h"
#include "guest/x86/snp.h"

#define MSR_GHCB	0xc0010130u

/* The MSR protocol: requests in the low 12 bits, answers one higher (56421, 2.3.1). */
#define REQUEST_REGISTER	0x012ull
#define REQUEST_PAGE_STATE	0x014ull
#define ANSWER_PAGE_STATE	0x015ull
#define INFO_MASK		0xfffull

#define STATE_PRIVATE	1ull
#define STATE_SHARED	2ull

/* Exit codes of the GHCB. */
#define EXIT_IOIO	0x7bull
#define EXIT_MMIO_READ	0x80000001ull
#define EXIT_MMIO_WRITE	0x80000002ull
#define EXIT_PSC	0x80000010ull

/* Error codes of #VC that the agent deals with. */
#define VC_MMIO		0x400u
#define VC_NOT_VALID	0x404u

/* Fields of the GHCB by the number of the quadword, which is that of its bit of validity. */
enum {
	GHCB_RAX = 0x1f8 / 8,
	GHCB_EXIT_CODE = 0x390 / 8,
	GHCB_INFO_1 = 0x398 / 8,
	GHCB_INFO_2 = 0x3a0 / 8,
	GHCB_SCRATCH = 0x3a8 / 8,
	GHCB_VALID = 0x3f0 / 8,		/* two quadwords of such bits */
	GHCB_BUFFER = 0x800 / 8,
	GHCB_VERSION = 0xff8 / 8,	/* protocol version in its upper half's lower half */
};

#define PSC_ENTRIES	253u

static void wrmsr(uint32_t msr, uint64_t value)
{
	__asm__ volatile("wrmsr" :: "c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)));
}

static uint64_t rdmsr(uint32_t msr)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (uint64_t)high << 32 | low;
}

static void vmgexit(void)
{
	__asm__ volatile("rep; vmmcall" ::: "memory");
}

static uint64_t msr_request(uint64_t request)
{
	wrmsr(MSR_GHCB, request);
	vmgexit();
	return rdmsr(MSR_GHCB);
}

void snp_init(struct agent_mailbox *mb)
{
	msr_request(REQUEST_REGISTER | mb->ghcb);
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
	ghcb[GHCB_VERSION] = 2ull << 16;	/* and usage 0 */
}

/* Return: the low half of the first answer, 0 if there is nothing to do. */
static uint32_t ghcb_exit(struct agent_mailbox *mb, uint64_t code, uint64_t info1, uint64_t info2)
{
	ghcb_set(mb, GHCB_EXIT_CODE, code);
	ghcb_set(mb, GHCB_INFO_1, info1);
	ghcb_set(mb, GHCB_INFO_2, info2);
	wrmsr(MSR_GHCB, mb->ghcb);
	vmgexit();
	return ghcb_of(mb)[GHCB_INFO_1];
}

/* Port, 4 bytes, a 64-bit address size, OUT (APM 2, 15.10.2). */
void snp_out(struct agent_mailbox *mb, uint16_t port, uint32_t value)
{
	ghcb_begin(mb);
	ghcb_set(mb, GHCB_RAX, value);
	ghcb_exit(mb, EXIT_IOIO, (uint64_t)port << 16 | 1 << 9 | 1 << 6, 0);
}

int snp_pvalidate(uint64_t address, int valid)
{
	uint32_t result;
	uint8_t same;

	__asm__ volatile(".byte 0xf2, 0x0f, 0x01, 0xff; setc %1"
			 : "=a"(result), "=qm"(same)
			 : "a"(address), "c"(0), "d"(valid) : "memory", "cc");
	return same ? -1 : (int)result;
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
	uint64_t answer = msr_request(REQUEST_PAGE_STATE | gpa | state << 52);

	if ((answer & INFO_MASK) != ANSWER_PAGE_STATE)
		return -1;
	return (int64_t)(answer >> 32);
}

static int64_t convert_by_page(struct agent_mailbox *mb, uint64_t gpa, uint64_t pages,
			       uint64_t state)
{
	volatile uint64_t *buffer = ghcb_of(mb) + GHCB_BUFFER;
	uint64_t i;

	ghcb_begin(mb);
	buffer[0] = (pages - 1) << 16;
	for (i = 0; i < pages; i++)
		buffer[1 + i] = (gpa + 4096 * i) | state << 52;
	ghcb_set(mb, GHCB_SCRATCH, mb->ghcb + 8 * GHCB_BUFFER);
	if (ghcb_exit(mb, EXIT_PSC, 0, 0))
		return -1;
	return ghcb_of(mb)[GHCB_INFO_2];
}

int64_t snp_convert(struct agent_mailbox *mb, uint64_t gpa, uint64_t size, int to_private)
{
	const uint64_t state = to_private ? STATE_PRIVATE : STATE_SHARED;
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

static uint64_t mmio_read(struct agent_mailbox *mb, uint64_t gpa)
{
	ghcb_begin(mb);
	ghcb_set(mb, GHCB_SCRATCH, mb->ghcb + 8 * GHCB_BUFFER);
	ghcb_exit(mb, EXIT_MMIO_READ, gpa, 8);
	return ghcb_of(mb)[GHCB_BUFFER];
}

static void mmio_write(struct agent_mailbox *mb, uint64_t gpa, uint64_t value)
{
	ghcb_begin(mb);
	ghcb_of(mb)[GHCB_BUFFER] = value;
	ghcb_set(mb, GHCB_SCRATCH, mb->ghcb + 8 * GHCB_BUFFER);
	ghcb_exit(mb, EXIT_MMIO_WRITE, gpa, 8);
}

/* The three instructions of word.h, whose address is in rsi and whose value in rax. */
static int mmio(struct vc_frame *frame)
{
	struct agent_mailbox *mb = arch_mailbox();
	const uint64_t gpa = frame->rsi & (AGENT_ALIAS_PRIVATE - 1);
	const uint8_t *code = (const uint8_t *)frame->rip;
	uint64_t old;

	if (code[0] != 0x48 || code[2] != 0x06)
		return 0;
	switch (code[1]) {
	case 0x8b:
		frame->rax = mmio_read(mb, gpa);
		break;
	case 0x89:
		mmio_write(mb, gpa, frame->rax);
		break;
	case 0x87:
		old = mmio_read(mb, gpa);
		mmio_write(mb, gpa, frame->rax);
		frame->rax = old;
		break;
	default:
		return 0;
	}
	frame->rip += 3;
	return 1;
}

int snp_vc(struct vc_frame *frame)
{
	switch (frame->error) {
	case VC_NOT_VALID:
		return snp_pvalidate(frame->rsi & ~4095ull, 1) <= 0;
	case VC_MMIO:
		return mmio(frame);
	default:
		return 0;
	}
}
