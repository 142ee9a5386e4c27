// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <sys/capability.h>
#include "harness/privilege.h"

const char *privilege_missing(int cap)
{
	static __thread char name[32];
	cap_flag_value_t value = CAP_CLEAR;
	cap_t set = cap_get_proc();
	char *text;

	if (set)
		cap_get_flag(set, cap, CAP_EFFECTIVE, &value);
	cap_free(set);
	if (value == CAP_SET)
		return NULL;
	text = cap_to_name(cap);
	snprintf(name, sizeof(name), "%s", text ? text : "unknown capability");
	cap_free(text);
	return name;
}
