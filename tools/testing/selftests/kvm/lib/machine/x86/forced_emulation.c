// SPDX-License-Identifier: GPL-2.0-only
#include "abi/agent_abi.h"
#include "harness/text_file.h"
#include "harness/verdict.h"
#include "machine/x86/forced_emulation.h"

#define PARAMETER	"/sys/module/kvm/parameters/force_emulation_prefix"

void forced_emulation_prepare(struct vcpu *vcpu, uint64_t mailbox)
{
	struct agent_mailbox *mb = vm_control_ptr(vcpu->vm, mailbox);
	char text[8];

	if (!text_file_read(PARAMETER, text, sizeof(text)) || *text == '0')
		verdict_skip("KVM emulates no access that a guest asks for (kvm.force_emulation_prefix is 0)");
	if (vcpu->vm->type->private_memory)
		verdict_skip("KVM's emulator and private memory: docs/findings.md, 10");
	mb->emulated = 1;
}
