/* SPDX-License-Identifier: GPL-2.0-only */
/* From a wrong value to the class of the fault, and to words. Knows tokens, not KVM. */
#ifndef DIAGNOSE_H
#define DIAGNOSE_H

#include <stddef.h>
#include <stdint.h>
#include "harness/verdict.h"

/**
 * diagnose_class() - what kind of fault a wrong value is
 * @found: what was read
 * @expected: what should have been there
 * @vm: number of the VM whose memory it is
 * @page: index of the page that was read
 * @slot: index of the word in the page
 *
 * Return: LEAK for another VM's token, WRONG_PAGE for a token of another place,
 * LOST_DATA for zero where data was due, STALE_MAPPING for a token of this place
 * where zero or a later token was due, NOT_SCRUBBED for anything that is no token.
 */
enum verdict_class diagnose_class(uint64_t found, uint64_t expected, unsigned int vm,
				  uint64_t page, unsigned int slot);

/* "0xa1... (VM 1, vCPU 0, write 17, page 3, slot 511)" and the like. */
void diagnose_value(uint64_t value, char *text, size_t size);

/* End the sub-test with class and words; @gpa is the address of the word. */
void diagnose_fail(enum verdict_class cls, const char *what, uint64_t gpa, uint64_t found,
		   uint64_t expected) __attribute__((noreturn));

#endif /* DIAGNOSE_H */
