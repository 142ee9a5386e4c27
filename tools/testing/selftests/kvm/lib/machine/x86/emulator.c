// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include "harness/hang.h"
#include "machine/x86/emulator.h"

bool emulator_cpu(void)
{
	static int known = -1;	/* a CPU stays what it is */
	bool found = false;
	char line[256];
	FILE *f;

	if (known >= 0)
		return known;
	f = fopen("/proc/cpuinfo", "re");

	while (f && !found && fgets(line, sizeof(line), f))
		found = strstr(line, "QEMU TCG");
	if (f)
		fclose(f);
	known = found;
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
