// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include "abi/cell.h"
#include "abi/token.h"
#include "harness/diagnose.h"
#include "harness/primer.h"

enum verdict_class diagnose_class(uint64_t found, uint64_t expected, unsigned int vm,
				  uint64_t page, unsigned int word)
{
	if (!found)
		return VERDICT_LOST_DATA;
	if (found == WATCH_ABSENT || expected == WATCH_ABSENT)
		return found == WATCH_ABSENT ? VERDICT_PERMISSION : VERDICT_STALE_MAPPING;
	if (!token_valid(found))
		return VERDICT_NOT_SCRUBBED;
	if (token_vm(found) != (vm & 0xf))
		return VERDICT_LEAK;
	if (token_page(found) != (page & TOKEN_PAGE_MASK) || token_word(found) != word)
		return VERDICT_WRONG_PAGE;
	return VERDICT_STALE_MAPPING;
}

void diagnose_actor(unsigned int actor, char *text, size_t size)
{
	if (actor >= TOKEN_ACTOR_FILL)
		snprintf(text, size, "fill");
	else if (actor >= TOKEN_ACTOR_HOST)
		snprintf(text, size, "host thread %u", actor - TOKEN_ACTOR_HOST);
	else
		snprintf(text, size, "vCPU %u", actor);
}

void diagnose_value(uint64_t value, char *text, size_t size)
{
	char who[32];

	if (!value) {
		snprintf(text, size, "zero");
	} else if (value == WATCH_ABSENT) {
		snprintf(text, size, "no memory (MMIO)");
	} else if (primer_is(value)) {
		snprintf(text, size, "%#llx (pattern of free memory)", (unsigned long long)value);
	} else if (!token_valid(value)) {
		snprintf(text, size, "%#llx (no token)", (unsigned long long)value);
	} else {
		diagnose_actor(token_actor(value), who, sizeof(who));
		snprintf(text, size, "%#llx (VM %u, %s, write %u, page %u, word %u)",
			 (unsigned long long)value, token_vm(value), who, token_seq(value),
			 token_page(value), token_word(value));
	}
}

void diagnose_fail(enum verdict_class cls, const char *what, uint64_t gpa, uint64_t found,
		   uint64_t expected)
{
	char f[120], e[120];

	diagnose_value(found, f, sizeof(f));
	diagnose_value(expected, e, sizeof(e));
	verdict_fail(cls, "%s: gpa %#llx: expected %s, found %s", what, (unsigned long long)gpa,
		     e, f);
}
