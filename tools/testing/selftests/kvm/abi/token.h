/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A token is a 64-bit value that says who wrote it, when and where:
 *
 *	63..60  TOKEN_MARK, so that zero and foreign data are told apart
 *	59..56  VM
 *	55..48  actor (vCPU or host thread)
 *	47..28  sequence number of the write (wraps)
 *	27..9   page index in the region
 *	 8..0   slot: index of the 8-byte word in the page
 *
 * Whoever reads a token can therefore name its writer, and a value in the wrong
 * place gives itself away.  Shared by the host library and the guest agent.
 */
#ifndef TOKEN_H
#define TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#define TOKEN_MARK		0xaull
#define TOKEN_SEQ_MASK		0xfffffu
#define TOKEN_PAGE_MASK		0x7ffffu
#define TOKEN_SLOT_MASK		0x1ffu

/* Bytes and slots of the unit that tokens count in; not the host's page size. */
#define TOKEN_PAGE_SIZE		4096u
#define TOKEN_SLOTS		(TOKEN_PAGE_SIZE / 8)

/* Actor numbers of those who are not vCPUs (vCPU n is actor n). */
#define TOKEN_ACTOR_HOST	0x80u
#define TOKEN_ACTOR_FILL	0xfeu

/*
 * Where in a page of the host a slot is.  Where such a page is larger than the unit, the
 * lower slots are at its beginning and the upper ones at its end: both ends matter.
 */
static inline uint64_t token_offset(uint64_t page_size, unsigned int slot)
{
	return 8ull * slot + (slot < TOKEN_SLOTS / 2 ? 0 : page_size - TOKEN_PAGE_SIZE);
}

static inline uint64_t token_make(unsigned int vm, unsigned int actor, uint32_t seq,
				  uint64_t page, unsigned int slot)
{
	return TOKEN_MARK << 60 | (uint64_t)(vm & 0xf) << 56 | (uint64_t)(actor & 0xff) << 48 |
	       (uint64_t)(seq & TOKEN_SEQ_MASK) << 28 | (page & TOKEN_PAGE_MASK) << 9 |
	       (slot & TOKEN_SLOT_MASK);
}

/* The token that belongs to slot @slot of page @page if @base is that of slot 0, page 0. */
static inline uint64_t token_at(uint64_t base, uint64_t page, unsigned int slot)
{
	return base | (page & TOKEN_PAGE_MASK) << 9 | (slot & TOKEN_SLOT_MASK);
}

static inline bool token_valid(uint64_t value)
{
	return value >> 60 == TOKEN_MARK;
}

static inline unsigned int token_vm(uint64_t t)    { return t >> 56 & 0xf; }
static inline unsigned int token_actor(uint64_t t) { return t >> 48 & 0xff; }
static inline uint32_t     token_seq(uint64_t t)   { return t >> 28 & TOKEN_SEQ_MASK; }
static inline uint32_t     token_page(uint64_t t)  { return t >> 9 & TOKEN_PAGE_MASK; }
static inline unsigned int token_slot(uint64_t t)  { return t & TOKEN_SLOT_MASK; }

#endif /* TOKEN_H */
