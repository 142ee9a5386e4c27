/* SPDX-License-Identifier: GPL-2.0-only */
/* From a wrong value to the class of the fault, and to words. Knows tokens, not KVM. */
#ifndef DIAGNOSE_H
#define DIAGNOSE_H

#include <stddef.h>
#include <stdint.h>
#include "harness/verdict.h"

/**
 * diagnose_class() - what kind of fault a wrong value is
 * @found: what was read, or WATCH_ABSENT if there was no memory
 * @expected: what should have been there, or WATCH_ABSENT
 * @vm: number of the VM whose memory it is
 * @page: index of the page that was read
 * @word: index of the word in the page
 *
 * Return: LOST_DATA for zero, PERMISSION for no memory where there had to be some,
 * STALE_MAPPING for memory where there had to be none, NOT_SCRUBBED for anything that is no
 * token, LEAK for another VM's token, WRONG_PAGE for a token of another place, STALE_MAPPING
 * for a token of this place.
 */
enum verdict_class diagnose_class(uint64_t found, uint64_t expected, unsigned int vm,
				  uint64_t page, unsigned int word);

/**
 * diagnose_actor() - name an actor
 * @actor: numbered as in token.h
 * @text: "vCPU 1", "host thread 0" or "fill"
 * @size: bytes at @text
 */
void diagnose_actor(unsigned int actor, char *text, size_t size);

/**
 * diagnose_value() - a value in words
 * @value: a token or anything else
 * @text: filled in, e.g. "0xa1... (VM 1, vCPU 0, write 17, page 3, word 511)"
 * @size: bytes at @text
 */
void diagnose_value(uint64_t value, char *text, size_t size);

/**
 * diagnose_fail() - end the sub-test as failed, because of one wrong value
 * @cls: the class of the fault
 * @what: what the sub-test did, and on what
 * @gpa: guest physical address of the word
 * @found: what was read
 * @expected: what should have been there
 */
void diagnose_fail(enum verdict_class cls, const char *what, uint64_t gpa, uint64_t found,
		   uint64_t expected) __attribute__((noreturn));

#endif /* DIAGNOSE_H */
