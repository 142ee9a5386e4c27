// SPDX-License-Identifier: GPL-2.0-only
#include <stddef.h>
#include <sys/sysinfo.h>
#include "harness/swap.h"

const char *swap_missing(void)
{
	struct sysinfo info;

	return !sysinfo(&info) && info.totalswap ? NULL : "no swap on this machine (swapon(8))";
}
