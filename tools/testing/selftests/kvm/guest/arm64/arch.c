// SPDX-License-Identifier: GPL-2.0-only
/* arm64 part of the guest agent. */
#include "abi/arm64/agent_arch.h"
#include "abi/arm64/code.h"
#include "abi/word.h"
#include "guest/guest.h"

extern char exception_vectors[];
extern const struct agent_fixup agent_fixups[], agent_fixups_end[];

/* Called by the vectors; returns the address at which to go on, if there is one. */
uint64_t arch_exception(uint32_t entry, uint64_t esr, uint64_t far, uint64_t elr);

void arch_init(struct agent_mailbox *mb)
{
	__asm__ volatile("msr tpidr_el1, %0\n"
			 "msr vbar_el1, %1\n"
			 "isb" :: "r"(mb), "r"(exception_vectors));
}

struct agent_mailbox *arch_mailbox(void)
{
	struct agent_mailbox *mb;

	__asm__ volatile("mrs %0, tpidr_el1" : "=r"(mb));
	return mb;
}

void arch_doorbell(void)
{
	__asm__ volatile("str wzr, [%0]" :: "r"(AGENT_DOORBELL_GPA) : "memory");
}

void arch_relax(void)
{
	__asm__ volatile("yield" ::: "memory");
}

/* SMC Calling Convention (Arm DEN 0028): x4 to x17 may be lost. */
int64_t arch_convert(uint64_t gpa, uint64_t size, int to_private)
{
	register uint64_t x0 __asm__("x0") = AGENT_SMCCC_CONVERT;
	register uint64_t x1 __asm__("x1") = gpa;
	register uint64_t x2 __asm__("x2") = size;
	register uint64_t x3 __asm__("x3") = to_private;

	__asm__ volatile("hvc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) ::
			 "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13",
			 "x14", "x15", "x16", "x17", "memory");
	return x0;
}

/* Make stores visible to instruction fetch (Arm ARM B2.7.4.2); IC to all in the domain. */
static void sync_code(const void *code)
{
	__asm__ volatile("dc cvau, %0\n"
			 "dsb ish\n"
			 "ic ivau, %0\n"
			 "dsb ish\n"
			 "isb" :: "r"(code) : "memory");
}

/* A line is 16 bytes at least, and the code starts a line. */
#define LINE_MIN	16

uint64_t arch_execute(void *code, uint64_t value, int store)
{
	uint64_t (*function)(uint64_t) = (uint64_t (*)(uint64_t))code;

	if (store) {
		code_return(code, value);
		sync_code(code);
		sync_code((uint8_t *)code + LINE_MIN);
	}
	return function(value);
}

#define EC_DATA_ABORT	0x25	/* from the exception level that takes it */
#define DFSC_MASK	0x3f
#define DFSC_SEA	0x10	/* synchronous external abort */

static uint64_t find_fixup(uint64_t esr, uint64_t elr)
{
	const struct agent_fixup *f;

	if (AGENT_EC(esr) != EC_DATA_ABORT || (esr & DFSC_MASK) != DFSC_SEA)
		return 0;
	for (f = agent_fixups; f < agent_fixups_end; f++)
		if (f->from == elr)
			return f->to;
	return 0;
}

uint64_t arch_exception(uint32_t entry, uint64_t esr, uint64_t far, uint64_t elr)
{
	uint64_t fixup = arch_mailbox()->abort ? 0 : find_fixup(esr, elr);

	if (!fixup)
		agent_exception(entry, esr, far, elr);
	return fixup;
}
