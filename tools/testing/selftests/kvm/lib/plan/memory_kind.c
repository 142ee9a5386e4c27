// SPDX-License-Identifier: GPL-2.0-only
#include "plan/memory_kind.h"

static const struct {
	const char *word, *name;
} kinds[MEMORY_KINDS] = {
	[MEMORY_ANON] = { "anonymous", "anonymous" },
	[MEMORY_SHARED] = { "shared", "shared guest_memfd" },
	[MEMORY_SPLIT] = { "private", "private guest_memfd" },
	[MEMORY_SEALED] = { "sealed", "sealed guest_memfd" },
	[MEMORY_INPLACE] = { "in-place", "guest_memfd converted in place" },
};

const char *memory_kind_name(enum memory_kind kind)
{
	return kinds[kind].name;
}

const char *memory_kind_word(enum memory_kind kind)
{
	return kinds[kind].word;
}
