// SPDX-License-Identifier: GPL-2.0-only
#include <sys/sysinfo.h>
#include "harness/swap.h"
#include "harness/verdict.h"

void swap_require(void)
{
	struct sysinfo info;

	if (sysinfo(&info) || !info.totalswap)
		verdict_skip("no swap on this machine (swapon(8))");
}
