// SPDX-License-Identifier: GPL-2.0-only
#include "guest/x86/hypercall.h"
#include "guest/x86/nested.h"
#include "guest/x86/svm.h"
#include "guest/x86/vmx.h"

void nested_init(struct agent_mailbox *mb)
{
	if (((struct agent_l1 *)mb->l1)->vmx)
		vmx_init(mb);
	else
		svm_init(mb);
}

int64_t nested_call(struct agent_mailbox *mb, uint64_t what, const uint64_t args[4])
{
	struct agent_l1 *l1 = (struct agent_l1 *)mb->l1;
	unsigned int i;

	l1->what = what;
	for (i = 0; i < 4; i++)
		l1->args[i] = args[i];
	if (l1->vmx)
		__asm__ volatile("vmcall" ::: "memory");
	else
		__asm__ volatile("stgi" ::: "memory");
	return l1->args[0];
}

void nested_hypercall(struct agent_l1 *l1)
{
	if (l1->what == AGENT_L1_KVM)
		l1->args[0] = kvm_hypercall(l1->args);
	else if (l1->what == AGENT_L1_XEN)
		l1->args[0] = xen_hypercall(l1->args);
}

void nested_lost(void)
{
	((struct agent_l1 *)arch_mailbox()->l1)->lost++;
	for (;;)
		arch_doorbell();
}
