// SPDX-License-Identifier: GPL-2.0-only
#include "machine/x86/snp.h"
#include "scenario/x86/snp_ap.h"

struct snp_ap snp_ap_open(void)
{
	struct snp_ap a = {
		.s = scene_open_on(snp_type(), MEMORY_SPLIT, AP_PAGES * PAGE),
	};

	a.ghcb = ghcb_page_create(a.s.agent);
	a.vcpu = vcpu_create(a.s.vm, 1);
	a.stack = vm_control_alloc(a.s.vm, AP_STACK_SIZE) + AP_STACK_SIZE;
	return a;
}

void snp_ap_close(struct snp_ap *a)
{
	vcpu_destroy(a->vcpu);
	scene_close(&a->s);
	if (snp_assigned() > 0)
		verdict_fail(VERDICT_ACCOUNTING, "%ld pages stay assigned to guests that are gone",
			     snp_assigned());
}

void snp_ap_create(struct snp_ap *a, uint64_t gpa)
{
	verdict_expect("RMPADJUST", snp_vmsa_write(a->s.agent, gpa, a->vcpu->mailbox, a->stack), 0);
	verdict_expect("creation",
		       snp_vmsa_request(&a->ghcb, 1, AP_CREATE, gpa, AP_FEATURES), 0);
}
