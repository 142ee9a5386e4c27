// SPDX-License-Identifier: GPL-2.0-only
#include <stddef.h>
#include <sys/sysinfo.h>
#include "harness/swap.h"
#include "harness/verdict.h"

const char *swap_missing(void)
{
	struct sysinfo info;

	return !sysinfo(&info) && info.totalswap ? NULL : "no swap on this machine (swapon(8))";
}

void swap_require(void)
{
	const char *why_not = swap_missing();

	if (why_not)
		verdict_skip("%s", why_not);
}
