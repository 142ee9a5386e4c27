// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "abi/array.h"
#include "harness/options.h"
#include "harness/vendor.h"

const char *kvm_vendor(void)
{
	static const char *const modules[] = { "kvm_amd", "kvm_intel", "kvm_pvm", "kvm" };
	char path[64];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(modules); i++) {
		snprintf(path, sizeof(path), "/sys/module/%s/parameters", modules[i]);
		if (!access(path, F_OK))
			return modules[i];
	}
	return "unknown";
}

const char *kvm_machine_note(void)
{
	const char *type = options_vm_type(), *level = options_level();

	if (level && !strcmp(level, "l2"))
		return ", agents in L2";
	if (level && !strcmp(level, "l2-npt"))
		return ", agents in L2, with nested paging";
	if (level && !strcmp(level, "smm"))
		return ", agents in system management mode";
	if (type && !strcmp(type, "tdx-played"))
		return ", TDX is played by the host: a test of the suite alone";
	return access("/sys/module/kvm_amd/parameters/snpsim_assigned", F_OK) ? "" :
	       ", SNP on a modelled machine";
}
