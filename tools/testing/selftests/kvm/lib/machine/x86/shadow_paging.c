// SPDX-License-Identifier: GPL-2.0-only
#include "harness/text_file.h"
#include "machine/x86/shadow_paging.h"

bool shadow_paging(void)
{
	char text[8];

	return (text_file_read("/sys/module/kvm_amd/parameters/npt", text, sizeof(text)) ||
		text_file_read("/sys/module/kvm_intel/parameters/ept", text, sizeof(text))) &&
	       (*text == 'N' || *text == '0');
}

bool tdp_mmu_off(void)
{
	char text[8];

	return text_file_read("/sys/module/kvm/parameters/tdp_mmu", text, sizeof(text)) &&
	       (*text == 'N' || *text == '0');
}
