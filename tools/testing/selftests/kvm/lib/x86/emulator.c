// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include "hang.h"
#include "x86/emulator.h"

bool emulator_cpu(void)
{
	FILE *f = fopen("/proc/cpuinfo", "r");
	bool found = false;
	char line[256];

	while (f && !found && fgets(line, sizeof(line), f))
		found = strstr(line, "QEMU TCG");
	if (f)
		fclose(f);
	return found;
}

/*
 * KVM enters the guest at an address of the kernel's: the emulated CPU has saved the host's
 * state as the guest's.  The agent lies far below, and nothing but a CPU writes it there.
 */
bool arch_hang_is_slip(const char *text)
{
	const char *entry = strstr(text, "kvm_entry:");

	return emulator_cpu() && entry && strstr(entry, "rip 0xffffffff");
}
