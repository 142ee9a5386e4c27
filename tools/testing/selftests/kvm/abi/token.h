/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A token is a 64-bit value that says who wrote it, when and where:
 *
 *	63..60  TOKEN_MARK, so that zero and foreign data are told apart
 *	59..56  VM
 *	55..48  actor (vCPU or host thread)
 *	47..28  sequence number of the write (wraps)
 *	27..9   page index in the region
 *	 8..0   word: index of the 8-byte word in the page
 *
 * A reader can therefore name the writer of a token, and a token in the wrong place gives
 * itself away.  The host library and the guest agent share this file.
 */
#ifndef TOKEN_H
#define TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#define TOKEN_MARK		0xaull
#define TOKEN_SEQ_MASK		0xfffffu
#define TOKEN_PAGE_MASK		0x7ffffu
#define TOKEN_WORD_MASK		0x1ffu

/* Bytes and words of the unit that tokens count in; not the host's page size. */
#define TOKEN_PAGE_SIZE		4096u
#define TOKEN_WORDS		(TOKEN_PAGE_SIZE / 8)

/* Actors that are not vCPUs (vCPU n is actor n). */
#define TOKEN_ACTOR_HOST	0x80u
#define TOKEN_ACTOR_FILL	0xfeu

/**
 * token_offset() - where in a page of the host a word is
 * @page_size: the host's, bytes
 * @word: index of the word
 *
 * Where such a page is larger than TOKEN_PAGE_SIZE, the lower words lie at its beginning and the
 * upper ones at its end: both ends matter.
 *
 * Return: bytes from the beginning of the page.
 */
static inline uint64_t token_offset(uint64_t page_size, unsigned int word)
{
	return 8ull * word + (word < TOKEN_WORDS / 2 ? 0 : page_size - TOKEN_PAGE_SIZE);
}

/**
 * token_make() - the token of one write
 * @vm: number of the VM, from 0 to 15
 * @actor: number of the writer: a vCPU's, or from TOKEN_ACTOR_HOST on
 * @seq: number of the write; wraps at TOKEN_SEQ_MASK
 * @page: index of the page in the region
 * @word: index of the word in the page
 *
 * Return: the token, never zero.
 */
static inline uint64_t token_make(unsigned int vm, unsigned int actor, uint32_t seq,
				  uint64_t page, unsigned int word)
{
	return TOKEN_MARK << 60 | (uint64_t)(vm & 0xf) << 56 | (uint64_t)(actor & 0xff) << 48 |
	       (uint64_t)(seq & TOKEN_SEQ_MASK) << 28 | (page & TOKEN_PAGE_MASK) << 9 |
	       (word & TOKEN_WORD_MASK);
}

/**
 * token_at() - the token that a fill leaves in one word
 * @base: the token of word 0 in page 0
 * @page: index of the page in the region
 * @word: index of the word in the page
 *
 * Return: the token.
 */
static inline uint64_t token_at(uint64_t base, uint64_t page, unsigned int word)
{
	return base | (page & TOKEN_PAGE_MASK) << 9 | (word & TOKEN_WORD_MASK);
}

/**
 * token_valid() - is a value a token?
 * @value: what was read
 *
 * Return: whether it bears TOKEN_MARK.
 */
static inline bool token_valid(uint64_t value)
{
	return value >> 60 == TOKEN_MARK;
}

/**
 * token_vm() - which VM a token is of
 * @t: the token
 *
 * Return: number of the VM, from 0 to 15.
 */
static inline unsigned int token_vm(uint64_t t)
{
	return t >> 56 & 0xf;
}

/**
 * token_actor() - who wrote a token
 * @t: the token
 *
 * Return: number of the actor.
 */
static inline unsigned int token_actor(uint64_t t)
{
	return t >> 48 & 0xff;
}

/**
 * token_seq() - which write of its actor a token is
 * @t: the token
 *
 * Return: number of the write, modulo TOKEN_SEQ_MASK + 1.
 */
static inline uint32_t token_seq(uint64_t t)
{
	return t >> 28 & TOKEN_SEQ_MASK;
}

/**
 * token_page() - which page a token was written for
 * @t: the token
 *
 * Return: index of the page in the region.
 */
static inline uint32_t token_page(uint64_t t)
{
	return t >> 9 & TOKEN_PAGE_MASK;
}

/**
 * token_word() - which word a token was written for
 * @t: the token
 *
 * Return: index of the word in the page.
 */
static inline unsigned int token_word(uint64_t t)
{
	return t & TOKEN_WORD_MASK;
}

#endif /* TOKEN_H */
